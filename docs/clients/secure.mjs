import { readFileSync } from 'node:fs';
import { Client } from './genserver.mjs';

const client = new Client({
  host: 'localhost',
  port: 6470,
  ca: readFileSync('certs/ca.crt'),
  token: readFileSync('shop.token', 'utf8').trim(),
});
console.log(await client.call('counter', 'get'));
client.close();
