import { monitorEventLoopDelay } from "node:perf_hooks";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { OperatorPool, ServicePool } from "../../database/pools.ts";

type RequestFacts = { method: string; route: string; status: number };

export type Metrics = {
  requestEnded(request: RequestFacts, seconds: number): void;
  /** Returns all metrics in Prometheus's text format. */
  text(): Promise<string>;
  close(): Promise<void>;
};

/** The buckets that OpenTelemetry recommends for requests. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The service's metrics, under OpenTelemetry's names. */
export function openMetrics(pools: Readonly<Record<string, ServicePool | OperatorPool>>): Metrics {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("clientele");
  const serializer = new PrometheusSerializer("", false, undefined, true, true);

  const requestSeconds = meter.createHistogram("http.server.request.duration", {
    unit: "s",
    description: "Duration of requests.",
    advice: { explicitBucketBoundaries: secondsBuckets },
  });
  meter
    .createObservableGauge("db.client.connection.count", { description: "Database connections by state." })
    .addCallback((observed) => {
      for (const [name, pool] of Object.entries(pools)) {
        for (const [state, count] of Object.entries(pool.connections)) {
          observed.observe(count, {
            "db.client.connection.pool.name": name,
            "db.client.connection.state": state,
          });
        }
      }
    });
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  meter
    .createObservableGauge("nodejs.eventloop.delay.p99", {
      unit: "s",
      description: "Since the last reading.",
    })
    .addCallback((observed) => {
      observed.observe(delay.count === 0 ? 0 : delay.percentile(99) / 1e9);
      delay.reset();
    });
  meter
    .createObservableGauge("process.memory.usage", { unit: "By", description: "Resident memory." })
    .addCallback((observed) => observed.observe(process.memoryUsage.rss()));

  return {
    requestEnded({ method, route, status }, seconds) {
      requestSeconds.record(seconds, {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
      });
    },
    async text() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
    async close() {
      delay.disable();
      await provider.shutdown();
    },
  };
}
