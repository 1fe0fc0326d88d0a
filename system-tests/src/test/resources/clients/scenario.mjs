import { Client } from './genserver.mjs';

async function attempt(call) {
  try {
    console.log(await call());
  } catch (e) {
    console.log(e.code, e.executed);
  }
}

const client = new Client({ port: process.argv[2] });
await client.castConfirmed('counter', 'reset');
await attempt(() => client.call('counter', { type: 'add', by: 3 }));
client.cast('counter', 'reset');
await attempt(() => client.call('counter', 'get'));
await attempt(() => client.castConfirmed('countr', 'reset'));
await attempt(() => client.call('counter', 'gett'));
const value = 'é"x'.repeat(20000);
await attempt(async () => (await client.call('kv', { type: 'put', key: 'long', value })).type);
await attempt(async () => (await client.call('kv', { type: 'get', key: 'long' })).length);
await attempt(() => client.call('wayward', { type: 'sleep', millis: 1000 }, 100));
const odd = new Client({ port: process.argv[3] });
await attempt(() => odd.call('dribbling', 'get'));
await attempt(() => odd.call('silent', 'get', 100));
await attempt(() => odd.call('gone', 'get'));
client.close();
