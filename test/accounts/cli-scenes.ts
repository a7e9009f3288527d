/** Every kind of login as a person lives through it at the terminal: what docs/guide/login.md shows. */
import type { CliProcess } from '../integration/cli-process.ts';
import { type AnthropicVendor, createAnthropicVendor } from '../support/vendors/anthropic.ts';
import { createGithubVendor } from '../support/vendors/github.ts';
import { createVertexVendor } from '../support/vendors/google/vertex.ts';
import type { AccountVendor } from '../support/vendors/vendor.ts';
import { type CliPerson, comeBack, freePort } from './cli-person.ts';

/** One command with what the person does. */
export interface Scene {
  /** Name of its place in the page. */
  readonly name: string;
  /** As the page shows it. */
  readonly command: string;
  /** Runs it; resolves when it has ended. `transcript`: everything the person saw and typed. */
  play(person: CliPerson): Promise<Played>;
}

/** How it ended. */
export interface Played {
  readonly code: number | string;
  readonly transcript: string;
}

/** The vendors of the scenes. */
export interface SceneVendors {
  readonly anthropic: AnthropicVendor;
  readonly github: AccountVendor;
  readonly vertex: AccountVendor;
}

/** Makes them anew. */
export function sceneVendors(): SceneVendors {
  return { anthropic: createAnthropicVendor(), github: createGithubVendor(), vertex: createVertexVendor() };
}

const words = (command: string): string[] => command.split(' ').slice(1);

/** In the order in which they are played: later ones find what earlier ones left. */
export function scenes({ anthropic, github, vertex }: SceneVendors): readonly Scene[] {
  return [
    {
      name: 'browser',
      command: 'llmproxy login claude --method browser',
      async play(person) {
        const port = await freePort();
        const cli = person.start([...words(this.command), '--port', String(port)]);
        await comeBack((await anthropic.approve?.(await person.opened(), 'ann')) ?? '', port);
        return ended(cli);
      },
    },
    {
      name: 'paste',
      command: 'llmproxy login claude --method browser --no-browser',
      async play(person) {
        const cli = person.start([...words(this.command), '--port', String(await freePort())], 'pipe');
        const [, url = ''] = await cli.wrote(/(https:\S+)\n[\s\S]*press Enter:\n/);
        const address = (await anthropic.approve?.(url, 'bob')) ?? '';
        const before = cli.output();
        cli.child.stdin?.write(`${address}\n`);
        const { code, transcript } = await ended(cli);
        return { code, transcript: `${before}${address}\n${transcript.slice(before.length)}` };
      },
    },
    {
      name: 'device',
      command: 'llmproxy login github-copilot --no-browser',
      async play(person) {
        const cli = person.start(words(this.command));
        const [, code = ''] = await cli.wrote(/code:\s+(\S+)\n/);
        github.approveDevice?.(code, 'ann');
        return ended(cli);
      },
    },
    {
      name: 'secret',
      command: 'llmproxy login claude --method setup-token < token.txt',
      async play(person) {
        const cli = person.start(words(this.command).slice(0, -2), 'pipe');
        cli.child.stdin?.end(anthropic.secret?.('cleo') ?? '');
        return ended(cli);
      },
    },
    {
      name: 'file',
      command: 'llmproxy login vertex --file key.json',
      async play(person) {
        person.write('key.json', vertex.secret?.('ann') ?? '');
        return ended(person.start(words(this.command)));
      },
    },
    {
      name: 'import',
      command: 'llmproxy import --yes',
      async play(person) {
        const refreshToken = anthropic.refreshToken('dora');
        const oauth = { accessToken: 'fake-access-of-yesterday', refreshToken, expiresAt: Date.now() - 86_400_000 };
        person.write('.claude/.credentials.json', JSON.stringify({ claudeAiOauth: oauth }));
        person.write('.claude.json', JSON.stringify({ oauthAccount: { emailAddress: 'dora@example.test' } }));
        return ended(person.start(words(this.command)));
      },
    },
    plain('list', 'llmproxy accounts --offline'),
    plain('show', 'llmproxy accounts show claude-ann@example.test'),
    plain('test', `llmproxy accounts test claude-ann@example.test --model ${anthropic.model}`),
    plain('disable', 'llmproxy accounts disable bob@example.test'),
    plain('remove', 'llmproxy accounts remove bob@example.test --yes'),
  ];
}

function plain(name: string, command: string): Scene {
  return { name, command, play: (person) => ended(person.start(words(command))) };
}

async function ended(cli: CliProcess): Promise<Played> {
  const code = await cli.ended;
  return { code, transcript: cli.output() };
}
