import {
  checkHostAllowed,
  HostForbiddenError,
  isAllowedHostEntry,
  splitAllowedHosts,
} from '../../src/config/allowed-hosts';
import { reachOf } from '../../src/config/host-reach';
import { HostNotAllowedError } from '../../src/errors';

describe('checkHostAllowed', () => {
  it.each([
    'http://localhost:1234/v1',
    'https://LOCALHOST/',
    'http://127.0.0.1/',
    'http://127.9.8.7:1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::1]:8080/',
    'http://[::ffff:127.0.0.1]/',
  ])('allows %s, which is this machine', (url) => {
    expect(() => checkHostAllowed(url, [])).not.toThrow();
  });

  it.each([
    ['https://llm.example.org/v1', 'https://llm.example.org'],
    ['https://llm.example.org/v1', 'https://LLM.example.org:443/'],
    ['https://llm.example.org/v1', 'llm.example.org'],
    ['https://llm.example.org/v1', 'llm.example.org:443'],
    ['http://gpu-box:8000/v1', 'gpu-box'],
    ['http://gpu-box:8000/v1', 'gpu-box:8000'],
    ['http://gpu-box/v1', 'gpu-box:80'],
    ['http://[fd00::5]:8000/v1', '[fd00::5]:8000'],
    ['http://10.0.0.5:8000/v1', '10.0.0.5'],
  ])('allows %s by %s', (url, entry) => {
    expect(() => checkHostAllowed(url, ['https://other.example', entry])).not.toThrow();
  });

  it.each([
    ['https://llm.example.org/v1', 'http://llm.example.org'],
    ['https://llm.example.org:8443/v1', 'https://llm.example.org'],
    ['https://llm.example.org:8443/v1', 'llm.example.org:443'],
    ['https://llm.example.org/v1', 'example.org'],
    ['https://llm.example.org.evil.example/v1', 'llm.example.org'],
    ['https://llm.example.org/v1', '*'],
    ['http://localhost.evil.example/v1', 'localhost'],
    ['http://sub.localhost/v1', 'localhost'],
    ['http://localhost./v1', 'localhost'],
    ['http://10.0.0.5/v1', ''],
    ['http://128.0.0.1/v1', '127.0.0.1'],
  ])('refuses %s where %s is allowed', (url, entry) => {
    expect(() => checkHostAllowed(url, [entry])).toThrow(HostNotAllowedError);
  });

  it.each([
    'http://169.254.169.254/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://0.0.0.0:1/',
    'http://[::]:1/',
    'http://0xa9fea9fe/',
  ])('refuses %s even when it is listed', (url) => {
    const { origin, host, hostname } = new URL(url);
    expect(() => checkHostAllowed(url, [origin, host, hostname])).toThrow(HostForbiddenError);
  });
});

it.each([
  ['https://a.example', true],
  ['https://a.example:8443/', true],
  ['a.example', true],
  ['a.example:80', true],
  ['[::1]:8080', true],
  ['localhost:1234', true],
  ['https://a.example/v1', false],
  ['https://a.example?x', false],
  ['https://me@a.example', false],
  ['ftp://a.example', false],
  ['a.example/v1', false],
  ['a.example:99999', false],
  ['*.example', false],
  ['a b', false],
  ['::1', false],
  ['', false],
])('the entry "%s" is usable: %s', (entry, expected) => {
  expect(isAllowedHostEntry(entry)).toBe(expected);
});

it.each([
  [undefined, []],
  ['', []],
  [' , ', []],
  ['a, https://b:1 ,', ['a', 'https://b:1']],
])('the list %s holds %j', (list, expected) => {
  expect(splitAllowedHosts(list)).toEqual(expected);
});

it.each([
  ['http://10.255.0.1', 'private'],
  ['http://172.16.0.1', 'private'],
  ['http://172.32.0.1', 'public'],
  ['http://192.168.0.1', 'private'],
  ['http://[fd12::1]', 'private'],
  ['http://[2001:db8::1]', 'public'],
  ['http://box', 'private'],
  ['http://box.lan', 'private'],
  ['http://box.internal', 'private'],
  ['http://box.localhost', 'private'],
  ['http://box.example', 'public'],
  ['http://local', 'private'],
  ['http://169.254.1.1', 'public'],
])('%s is %s', (url, expected) => {
  expect(reachOf(new URL(url))).toBe(expected);
});
