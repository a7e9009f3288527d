"""Drives the three official Python SDKs against a proxy; prints one JSON line per check. Arguments: ORIGIN KEY MODEL."""

import json
import sys

import anthropic
import openai
from google import genai
from google.genai import types

origin, key, model = sys.argv[1:4]
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def report(check, **found):
    print(json.dumps({"check": check, **found}, ensure_ascii=False), flush=True)


def check_chat(client):
    answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "hi"}])
    report("chat", text=answer.choices[0].message.content, total=answer.usage.total_tokens)
    stream = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "hi"}], stream=True, stream_options={"include_usage": True}
    )
    text, total = "", None
    for chunk in stream:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        total = chunk.usage.total_tokens if chunk.usage else total
    report("chat-stream", text=text, total=total)
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": schema}}
    asked = [{"role": "user", "content": "WEATHER"}]
    call = client.chat.completions.create(model=model, messages=asked, tools=[tool]).choices[0].message
    function = call.tool_calls[0]
    report("chat-tool", name=function.function.name, arguments=json.loads(function.function.arguments))
    result = {"role": "tool", "tool_call_id": function.id, "content": "sunny"}
    answer = client.chat.completions.create(model=model, messages=[*asked, call, result], tools=[tool])
    report("chat-tool-result", text=answer.choices[0].message.content)


def check_responses(client):
    answer = client.responses.create(model=model, input="hi")
    report("responses", text=answer.output_text, total=answer.usage.total_tokens)
    with client.responses.stream(model=model, input="hi") as stream:
        types_seen = [event.type for event in stream]
        final = stream.get_final_response()
    report("responses-stream", text=final.output_text, last=types_seen[-1])


def check_messages(client):
    answer = client.messages.create(model=model, max_tokens=100, messages=[{"role": "user", "content": "hi"}])
    report("messages", text=answer.content[-1].text, output=answer.usage.output_tokens)
    with client.messages.stream(model=model, max_tokens=100, messages=[{"role": "user", "content": "hi"}]) as stream:
        final = stream.get_final_message()
    report("messages-stream", text=final.content[-1].text, kinds=[block.type for block in final.content])
    tool = {"name": "get_weather", "input_schema": schema}
    asked = [{"role": "user", "content": "WEATHER"}]
    with client.messages.stream(model=model, max_tokens=100, messages=asked, tools=[tool]) as stream:
        final = stream.get_final_message()
    report("messages-tool", stop=final.stop_reason, input=final.content[-1].input)
    count = client.messages.count_tokens(model=model, messages=asked)
    report("messages-count", positive=count.input_tokens > 0)


def check_gemini(client):
    answer = client.models.generate_content(model=model, contents="hi")
    report("gemini", text=answer.text, total=answer.usage_metadata.total_token_count)
    chunks = list(client.models.generate_content_stream(model=model, contents="hi"))
    report("gemini-stream", text="".join(chunk.text or "" for chunk in chunks))
    declared = types.FunctionDeclaration(name="get_weather", parameters_json_schema=schema)
    config = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=[declared])],
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    call = client.models.generate_content(model=model, contents="WEATHER", config=config).function_calls[0]
    report("gemini-tool", name=call.name, arguments=call.args)


openai_client = openai.OpenAI(base_url=f"{origin}/v1", api_key=key, max_retries=0)
check_chat(openai_client)
check_responses(openai_client)
check_messages(anthropic.Anthropic(base_url=origin, api_key=key, max_retries=0))
check_gemini(genai.Client(api_key=key, http_options=types.HttpOptions(base_url=origin)))
