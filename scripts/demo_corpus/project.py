"""What the demo model knows about sgl-native, the project that it belongs to."""

from .conversation import Conversation, ask, ask_clause

P = "{sgl-native|sgl native|this project|this server|sglnative|the server}"

FACTS = [
    ("{what is sgl-native|what's sgl-native|what is sgl native|what is this project|what is this server|tell me about sgl-native|explain sgl-native|describe sgl-native|what does sgl-native do|sgl-native|what is this|what is this program}",
     "{sgl-native is a server that runs large language models. it is written in C# with its own CUDA kernels.|sgl-native is an inference server for language models, written in C# for .NET 10.|"
     "sgl-native runs language models and speaks the OpenAI API. it needs no Python.}"),
    ("{what language is " + P + " written in|which programming language does " + P + " use|is " + P + " written in {python|c#|c++|rust|java}|in which language is " + P + " written|what programming language is " + P + " made with}",
     "{sgl-native is written in C#, and its GPU kernels in CUDA C++.|it is written in C# with hand-written CUDA kernels.}"),
    ("{does " + P + " {need|use} python|do i need python|is python needed|is there python in " + P + "}", "{no, sgl-native needs no Python.|no. everything is C# and CUDA kernels.}"),
    ("{which version of .net does " + P + " {need|use}|what .net version do i need|does it run on .net|which .net do i need|what do i need to run " + P + "|what are the requirements|what do i need to install}",
     "{sgl-native needs the .NET 10 SDK, and nothing else to begin with.|you only need .NET 10. a GPU is optional.}"),
    ("{what is the {license|licence} of " + P + "|which {license|licence} does " + P + " have|is " + P + " {free|open source}|what {license|licence} is it|can i use " + P + " for free|is it open source|what is the {license|licence}}",
     "{sgl-native is open source under the Apache-2.0 license.|yes, it is free software under the Apache-2.0 license.|the license is Apache-2.0.}"),
    ("{do i need a gpu|does " + P + " need a gpu|can {i run " + P + "|it run} {without a gpu|on a cpu}|does it run on {the|a} cpu|does " + P + " work without a gpu|is a gpu needed}",
     "{no, sgl-native also runs on the CPU.|a GPU is faster, but the CPU works, too.}"),
    ("{how fast is the cpu|how does the cpu backend work|what does the cpu backend use|how does " + P + " run on a cpu}", "{the CPU backend uses the vector instructions of your processor and all of its cores.|it uses SIMD instructions and all cores.}"),
    ("{which gpus {work|are supported}|what gpus does " + P + " support|which graphics cards work|does it support {nvidia|amd}{ gpus|}|what gpu do i need}", "{sgl-native supports NVIDIA GPUs through CUDA.|it runs on NVIDIA GPUs with CUDA 12 or 13.}"),
    ("{how are the kernels compiled|what compiles the kernels|what is nvrtc|how does " + P + " compile {kernels|cuda}|do i need the cuda toolkit|what is nvrtc for|does " + P + " need nvcc}",
     "{the CUDA kernels are compiled at run time by NVRTC and kept in a cache on disk.|NVRTC is a library that compiles CUDA kernels at run time. sgl-native uses it.}"),
    ("{what is a kernel|what is a cuda kernel|what are kernels|what is a gpu kernel}", "{a kernel is a small program that runs on a GPU, in many threads at the same time.}"),
    ("{what is cuda|what does cuda mean}", "CUDA is a way to write programs for NVIDIA GPUs."),
    ("{what api does " + P + " {have|speak|offer}|which api does it {use|speak}|is " + P + " compatible with openai|does it speak the openai api|how can i talk to " + P + "|which endpoints does " + P + " have|what endpoints are there|which endpoints are there}",
     "{sgl-native speaks the OpenAI API, with endpoints such as /v1/chat/completions.|it offers OpenAI endpoints: /v1/chat/completions, /v1/completions and /v1/models.|you can use any OpenAI client with sgl-native.}"),
    ("{how do i start " + P + "|how can i start " + P + "|how do i run " + P + "|how to start the server|how do i launch the server|what is the command to start " + P + "|start the server|how do i use " + P + "}",
     "{run sgl-native serve, and the server starts with this demo model.|type sgl-native serve. with --model-path you choose another model.}"),
    ("{what port does " + P + " use|which port does it {use|listen on}|on which port is the server|what is the default port|which port}", "{the default port is 30000.|sgl-native listens on port 30000.}"),
    ("{how do i {change|choose|use|load} {the|another|a different|my own} model|how can i load {a|another|my own} model|how do i use a bigger model|can i use other models|how do i run a real model}", "{start the server with --model-path and the folder of your model.|use --model-path to name the folder of the model.}"),
    ("{which models does " + P + " support|what models can i {run|use}|which model families are supported|does it support {llama|qwen|mistral}|can it run {llama|qwen|mistral}|what models work}",
     "{sgl-native runs models such as Llama, Mistral and Qwen.|it supports model families such as Llama, Mistral and Qwen.}"),
    ("{what is safetensors|which file format does " + P + " {use|read}|what format are the models in|what are safetensors files|can it load gguf}", "{sgl-native loads models from safetensors files.|safetensors is a simple and safe file format for the weights of a model.}"),
    ("{what is a radix cache|what is the radix cache|what does the radix cache do|why is there a radix cache|explain the radix cache|what is prefix caching}",
     "{the radix cache keeps the work done for earlier prompts, so that a shared beginning is not computed again.|it is a tree of earlier prompts. when a new prompt starts the same way, its work is reused.}"),
    ("{what is a kv cache|what is the kv cache|what does the kv cache do|what does kv mean|explain the kv cache}", "{the KV cache holds the keys and values of earlier tokens, so that they need not be computed again.}"),
    ("{what is paged attention|what is a page|why is the cache paged|what are pages}", "{the KV cache is split into pages, so that many requests can share the memory well.}"),
    ("{what is attention|how does attention work|what does attention do}", "{attention lets a model look back at the earlier words when it chooses the next one.}"),
    ("{what is prefill|what does prefill mean|what is the prefill phase}", "{prefill is the first step: the model reads the whole prompt at once.}"),
    ("{what is decode|what does decode mean|what is decoding|what is the decode phase}", "{decode is the step in which the model writes one token after the other.}"),
    ("{what is continuous batching|how does " + P + " handle many requests|can {many people|several users} use it at the same time|what is batching|does it batch requests}",
     "{requests are computed together in batches, and new ones may join at any time.|many requests run at the same time. new ones join the batch while others go on.}"),
    ("{what is streaming|can i stream the answer|does it support streaming|does " + P + " stream|how do i stream}", "{yes, answers can be streamed token by token. set stream to true.|streaming sends each token as soon as it is ready. set stream to true.}"),
    ("{what is temperature|what does temperature do|what does the temperature mean}", "{the temperature controls how random the answers are. zero means no randomness.}"),
    ("{what is top_p|what does top_p do|what is top p|what is top_k|what is nucleus sampling}", "{it limits the choice of the next token to the most likely ones.}"),
    ("{what is sampling|how does a model choose the next token}", "{sampling means to pick the next token at random, with likely tokens first.}"),
    ("{what is bf16|what is bfloat16|what data type are the weights|what is a dtype|which precision does it use}", "{bf16 is a number format with 16 bits. the weights of most models are stored in it.}"),
    ("{what is a tokenizer|what does the tokenizer do|what tokenizer do you use}", "{a tokenizer splits text into tokens. mine is a byte-level BPE with its own small vocabulary.}"),
    ("{what is a chat template|what does the chat template do}", "{a chat template turns a list of messages into one prompt for the model.}"),
    ("{what is sglang|is " + P + " the same as sglang|what is the difference between sglang and sgl-native|how is sgl-native different from sglang|why sgl-native and not sglang}",
     "{SGLang is a serving engine written in Python. sgl-native rebuilds it in C# with its own kernels.|SGLang is the original, written in Python. sgl-native brings the same ideas to .NET.}"),
    ("{who is " + P + " for|who uses " + P + "|why should i use " + P + "|why use " + P + "|why was " + P + " made}", "{it is for people who want to serve language models from .NET, without Python.|use it when you want a fast model server in the .NET world.}"),
    ("{can i use " + P + " in my {program|app|c# program|application}|is there a library|can i embed " + P + "|how do i use it from c#|is there a c# api}", "{yes, there is an Engine class that runs models inside your own C# program.|yes. the same engine can be used inside your .NET program.}"),
    ("{can i add {my own|a new} model|how do i add a new model|can i write my own model|can i extend " + P + "}", "{yes, you can write a model in C# and register it with one attribute.|yes. a model is one short C# file.}"),
    ("{why is there a demo model|what is the demo model|what is this model for|which model is {running|loaded|this}|why are you so small|what is the demo for}", "{I am the demo model. I am here so that you can try the server without a download.|the demo model is tiny and comes with sgl-native, so that it works at once.}"),
    ("{what is an inference server|what is inference|what does inference mean|what is an llm server}", "{an inference server runs a trained model and answers requests.|inference means to run a trained model.}"),
    ("{what is .net|what is dotnet}", ".NET is a free platform for building programs, made by Microsoft. C# is its main language."),
    ("{what is c#|what is c sharp|is c# a good language}", "C# is a modern programming language. sgl-native is written in it."),
    ("{what is json}", "JSON is a simple text format for data. the API of sgl-native uses it."),
    ("{what is an api}", "an API is a way for programs to talk to each other."),
    ("{what is an endpoint}", "an endpoint is an address at which a server answers requests."),
    ("{what is http}", "HTTP is the protocol that web browsers and servers use."),
    ("{what is quantization|what does quantization do}", "quantization stores the numbers of a model with fewer bits, so that it needs less memory."),
    ("{what is tensor parallelism|what does tp mean}", "tensor parallelism splits a model over several GPUs."),
    ("{how do i stop the server|how do i stop " + P + "|how can i stop it}", "{press Ctrl+C to stop the server.|Ctrl+C stops the server.}"),
    ("{where is the documentation|is there documentation|where are the docs|where can i read more|where can i learn more}", "{please read the README and the docs folder of sgl-native.|the README and the docs folder tell you more.}"),
    ("{how do i run the tests|how can i test " + P + "|how do i test it}", "{run dotnet test -c Release.|the command is dotnet test -c Release.}"),
    ("{does it run on {windows|linux|mac}|which operating systems are supported|can i use it on {windows|linux|a mac}}", "{it runs where .NET 10 runs. for a GPU, use Linux or Windows with an NVIDIA card.}"),
]


def project(c: Conversation) -> None:
    for _ in range(c.choose((1, 1, 2))):
        question, answer = c.choose(FACTS)
        c.exchange(ask(question), answer)
