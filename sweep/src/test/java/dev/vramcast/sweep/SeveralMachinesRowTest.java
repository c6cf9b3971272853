package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.Place;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.spec.SpecReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows of jobs on several machines, which have the price of all. */
class SeveralMachinesRowTest {

  private static final String JOB =
      """
      models: [qwen2.5-0.5b]
      gpus: [H100 SXM5 80GB]
      method: lora
      batch: {sequence_length: 512}
      data: {tokens: 1e7}
      """;

  @Test
  void several_machines_cost_as_many_times_as_much_an_hour() throws IOException {
    SweepResult one =
        only(JOB + "offers: {rows: cheapest, providers: [aws]}\nhardware: {count: 8}\n");
    SweepResult two =
        only(JOB + "offers: {rows: cheapest, providers: [aws]}\nhardware: {count: 16, nodes: 2}\n");

    assertThat(two.value(Column.INSTANCE)).isEqualTo(one.value(Column.INSTANCE)).isNotNull();
    assertThat(usdPerHour(two)).isEqualTo(2 * usdPerHour(one), within(1e-9));
    assertThat((Double) two.value(Column.USD))
        .isEqualTo(usdPerHour(two) * (Double) two.value(Column.HOURS), within(1e-6));
    assertThat(two.error()).isEmpty();
  }

  @Test
  void more_than_a_machine_holds_are_in_several_as_in_every_command() throws IOException {
    SweepResult stated = only(JOB + "hardware: {count: 16, nodes: 2}\n");
    SweepResult counted = only(JOB + "hardware: {count: 16}\n");
    SweepResult alone = alone(Map.of("hardware.gpu", "H100 SXM5 80GB", "hardware.count", 16));

    assertThat(counted.values()).isEqualTo(alone.values());
    assertThat(counted.value(Column.USD)).isEqualTo(stated.value(Column.USD)).isNotNull();
  }

  @Test
  void an_offer_is_of_each_machine_of_a_job() throws IOException {
    String offers =
        JOB + "offers: {rows: each, providers: [aws, runpod]}\nhardware: {nodes: 2%s}\n";
    for (SweepResult row : rows(offers.formatted(""))) {
      boolean connected = row.value(Column.USD) != null;
      assertThat((Long) row.value(Column.GPU_COUNT) % 2).isZero();
      assertThat(row.error().isEmpty()).isEqualTo(connected);
    }
    assertThat(rows(offers.formatted("")))
        .anySatisfy(row -> assertThat(row.value(Column.USD)).isNotNull())
        .anySatisfy(row -> assertThat(row.error().orElse("")).endsWith("give hardware.network"));
    assertThat(rows(offers.formatted(", network: 100")))
        .allSatisfy(row -> assertThat(row.value(Column.USD)).isNotNull());
  }

  @Test
  void a_price_that_a_row_says_is_that_of_each_machine() {
    SweepResult row =
        alone(
            Map.of(
                "hardware.gpu",
                "RTX 4090:2",
                "hardware.nodes",
                2,
                Column.USD_PER_HOUR.label(),
                1.5));

    assertThat(row.value(Column.GPU_COUNT)).isEqualTo(4L);
    assertThat(usdPerHour(row)).isEqualTo(3);
  }

  private static double usdPerHour(SweepResult row) {
    return (Double) row.value(Column.USD_PER_HOUR);
  }

  private static SweepResult alone(Map<String, Object> hardware) {
    Map<String, Object> values = new HashMap<>(hardware);
    values.put("model.id", "qwen2.5-0.5b");
    values.put("method", "lora");
    values.put("batch.sequence_length", 512);
    values.put("data.tokens", 1e7);
    return RowEstimator.open(RowSettings.usual()).estimate(values, Place.of("rows"));
  }

  private static SweepResult only(String spec) throws IOException {
    List<SweepResult> rows = rows(spec);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private static List<SweepResult> rows(String spec) throws IOException {
    Product product = SpecReader.read(spec, "sweep.yaml").product();
    RowEstimator estimator =
        new RowEstimator(
            Map.of(),
            product.market(),
            product.purchase(),
            GpuCatalog.embedded(),
            Network.FORBIDDEN);
    List<SweepResult> rows = new ArrayList<>();
    new ProductRows(product, estimator).deliver(0, product.rows(), rows::add);
    return rows;
  }
}
