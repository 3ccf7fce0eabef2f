import { readTelemetrySettings } from '../../src/config/telemetry-settings';

it('nothing is told to anybody unless it is asked for', () => {
  expect(readTelemetrySettings({}, '/study')).toEqual({
    logFolder: null,
    traces: null,
    notices: [],
  });
});

it('a folder for logs is relative to the working directory', () => {
  expect(readTelemetrySettings({ LONGHAUL_LOG_DIR: '/logs' }, '/data').logFolder).toBe('/logs');
  expect(readTelemetrySettings({ LONGHAUL_LOG_DIR: 'own' }, '/data').logFolder).toBe('/data/own');
});

const AT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
it.each([
  ['an endpoint', AT, 'http/protobuf', 0],
  ['an endpoint for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://h/' }, 'http/protobuf', 0],
  ['the exporter by name', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf', 0],
  ['JSON', { ...AT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json', 0],
  [
    'a protocol for traces alone',
    { ...AT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
    'http/json',
    0,
  ],
  ['gRPC', { ...AT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, null, 1],
  ['another exporter', { ...AT, OTEL_TRACES_EXPORTER: 'zipkin' }, null, 1],
  ['none', { ...AT, OTEL_TRACES_EXPORTER: 'none' }, null, 0],
  ['the switch that turns all off', { ...AT, OTEL_SDK_DISABLED: 'true' }, null, 0],
  ['an empty variable', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, null, 0],
])('OpenTelemetry variables with %s', (_what, environment, traces, nNotices) => {
  const settings = readTelemetrySettings(environment, '/');
  expect({ traces: settings.traces, nNotices: settings.notices.length }).toEqual({ traces, nNotices });
});
