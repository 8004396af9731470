// The reference implementations behind one JSON object a line: the Hugging Face tokenizers library and @huggingface/jinja.
//   {"load": "tokenizer.json"} | {"json": "…"}  a tokenizer     {"text": "…"}  a text to encode with {"encode": true}; {"ids": true} its ids
//   {"tokenize": ["…"], "special": bool}  their ids             {"detokenize": [[…]], "skip": bool}  their texts
//   {"template": "…"}  a template                               {"render": [{…}], "repeats": n}
// Answers hold "cpu_us", the processor time spent by all threads, or "error".
import { createInterface } from 'node:readline';
import { Template } from '@huggingface/jinja';
import tokenizers from 'tokenizers';

let tokenizer, text, encoding, template;

async function answer(question) {
  if (question.text !== undefined) { text = question.text; return {}; }
  if (question.ids) return { ids: encoding.getIds() };
  // Old tokenizers are let go of outside the time that is measured.
  if (question.load !== undefined) globalThis.gc?.();
  const start = process.cpuUsage();
  const result = {};
  if (question.load !== undefined) tokenizer = tokenizers.Tokenizer.fromFile(question.load);
  else if (question.json !== undefined) tokenizer = tokenizers.Tokenizer.fromString(question.json);
  else if (question.encode) encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
  else if (question.tokenize !== undefined) {
    result.ids = [];
    for (const one of question.tokenize) result.ids.push((await tokenizer.encode(one, null, { addSpecialTokens: question.special })).getIds());
  } else if (question.detokenize !== undefined) {
    result.texts = [];
    for (const ids of question.detokenize) result.texts.push(await tokenizer.decode(ids, question.skip));
  } else if (question.template !== undefined) template = new Template(question.template);
  else if (question.render !== undefined) {
    for (let i = 0; i < question.repeats; i++)
      for (const context of question.render) template.render(context);
  } else return { error: 'an unknown question' };
  const spent = process.cpuUsage(start);
  return { ...result, cpu_us: spent.user + spent.system };
}

for await (const line of createInterface({ input: process.stdin })) {
  let result;
  try {
    result = await answer(JSON.parse(line));
  } catch (error) {
    result = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(result) + '\n');
}
