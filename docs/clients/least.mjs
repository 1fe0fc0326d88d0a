import net from 'node:net';

const socket = net.connect(Number(process.argv[2]), '127.0.0.1');

function send(message) {
  const json = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  socket.write(Buffer.concat([length, json]));
}

async function* frames() {
  let received = Buffer.alloc(0);
  for await (const bytes of socket) {
    received = Buffer.concat([received, bytes]); // a frame comes in any number of parts
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE()) {
      const end = 4 + received.readUInt32BE();
      yield JSON.parse(received.subarray(4, end));
      received = received.subarray(end);
    }
  }
}

const answers = frames();
async function call(to, msg, id = 1) {
  send({ op: 'call', id, to, msg, timeout_ms: 5000 });
  for (;;) {
    const { value } = await answers.next();
    if (value.id === id) return value; // and not a ping of the daemon's
  }
}

console.log((await call('counter', { type: 'add', by: 3 })).result);
send({ op: 'cast', to: 'counter', msg: 'reset' });
console.log((await call('counter', 'get')).result);
const { error } = await call('conter', 'get');
console.log(error.code, error.executed);
socket.end();
