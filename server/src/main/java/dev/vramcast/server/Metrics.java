package dev.vramcast.server;

import dev.vramcast.server.work.Work;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.eclipse.jetty.server.Request;

/** Counts for Prometheus, in its text format. */
final class Metrics {

  private static final double[] SECONDS = {
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("vramcast_requests_total")
          .help("Requests by operation and status.")
          .labelNames("operation", "status")
          .register(registry);
  private final Histogram durations =
      Histogram.builder()
          .name("vramcast_request_duration_seconds")
          .help("Time from the request's first byte until its answer is written.")
          .classicOnly()
          .classicUpperBounds(SECONDS)
          .labelNames("operation")
          .register(registry);

  Metrics(Work work) {
    GaugeWithCallback.builder()
        .name("vramcast_computations_running")
        .help("Answers that are being computed.")
        .callback(callback -> callback.call(work.running()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("vramcast_computations_waiting")
        .help("Requests that wait for their turn.")
        .callback(callback -> callback.call(Math.max(0, work.taken() - work.running())))
        .register(registry);
    JvmMetrics.builder().register(registry);
  }

  /**
   * Counts a request that is answered.
   *
   * @param request which says when it arrived
   */
  void count(String operation, int status, Request request) {
    requests.labelValues(operation, String.valueOf(status)).inc();
    durations
        .labelValues(operation)
        .observe((System.nanoTime() - request.getBeginNanoTime()) / 1e9);
  }

  /** The text of all counts. */
  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  static String contentType() {
    return PrometheusTextFormatWriter.CONTENT_TYPE;
  }
}
