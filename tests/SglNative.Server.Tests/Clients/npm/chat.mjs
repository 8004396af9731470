// Talks with the server at the given address as an application would; prints what came back as JSON.
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
const request = { model: 'any', messages: [{ role: 'user', content: 'Hello!' }], temperature: 0, max_completion_tokens: 24 };

const whole = await client.chat.completions.create(request);
const result = { text: whole.choices[0].message.content, finish: whole.choices[0].finish_reason, usage: whole.usage, streamed: '', events: 0 };

const stream = await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } });
for await (const event of stream) {
  result.events++;
  result.streamed += event.choices[0]?.delta.content ?? '';
  result.streamedFinish = event.choices[0]?.finish_reason ?? result.streamedFinish;
  result.streamedUsage = event.usage ?? result.streamedUsage;
}

result.models = (await client.models.list()).data.map(model => model.id);
result.model = (await client.models.retrieve('demo')).id;
result.completion = (await client.completions.create({ model: 'any', prompt: 'Once upon a time', max_tokens: 8 })).choices[0].text;
try {
  await client.chat.completions.create({ ...request, temperature: -1 });
} catch (error) {
  result.status = error.status;
  result.message = error.message;
}
console.log(JSON.stringify(result));
