/** A loopback server that speaks the OpenAI chat protocol: plays scripted streams and injects faults. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type ServerStep =
  | { readonly text: string; readonly finish?: 'stop' | 'length' | 'content_filter'; readonly refusal?: string }
  | { readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[] }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Sends the text and then nothing more. */
  | { readonly stallAfter: string }
  /** Sends the text and cuts the connection. */
  | { readonly dropAfter: string };

export interface OpenAITestServer {
  readonly baseUrl: string;
  /** Bodies of the requests, in order. */
  readonly requests: readonly Readonly<Record<string, unknown>>[];
  readonly unused: () => number;
  close(): Promise<void>;
}

/** The last step is repeated when `repeatLast` is set: an endless loop. */
export async function startOpenAITestServer(
  steps: readonly ServerStep[],
  options: { readonly repeatLast?: boolean } = {},
): Promise<OpenAITestServer> {
  const requests: Readonly<Record<string, unknown>>[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const at = requests.length;
      requests.push(body);
      const step = steps[at] ?? (options.repeatLast ? steps.at(-1) : undefined);
      if (step === undefined) sendError(response, 400, {});
      else play(step, response, body['stream'] === true);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    unused: () => Math.max(0, steps.length - requests.length),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text === '' ? '{}' : text) as Readonly<Record<string, unknown>>;
}

function sendError(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { message: `test fault ${status}`, type: 'test', code: String(status) } }));
}

function play(step: ServerStep, response: ServerResponse, streamed: boolean): void {
  if ('status' in step || !streamed) {
    sendError(response, 'status' in step ? step.status : 400, 'status' in step ? (step.headers ?? {}) : {});
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: unknown, finish: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 1, model: 'test', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  send({ role: 'assistant', content: '' });
  if ('stallAfter' in step) {
    send({ role: 'assistant', content: step.stallAfter });
    return;
  }
  if ('dropAfter' in step) {
    send({ role: 'assistant', content: step.dropAfter });
    setTimeout(() => response.destroy(), 10);
    return;
  }
  if ('toolCalls' in step) {
    step.toolCalls.forEach((call, index) => {
      send({
        role: 'assistant',
        tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } }],
      });
      send({ tool_calls: [{ index, function: { arguments: call.arguments } }] });
    });
    send({}, 'tool_calls');
  } else {
    for (const piece of step.text.match(/[\s\S]{1,12}/g) ?? []) send({ role: 'assistant', content: piece });
    send(step.refusal === undefined ? {} : { refusal: step.refusal }, step.finish ?? 'stop');
  }
  response.write('data: [DONE]\n\n');
  response.end();
}
