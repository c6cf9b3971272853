package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.sweep.product.CardPlace;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.spec.SpecReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@Order(1)
class ProductRowsTest {

  private static final Product PRODUCT =
      SpecReader.read(
              """
              models: [gpt2, qwen2.5-0.5b, no-such-model]
              offers: {providers: [aws, lambda], purchase: [on-demand, spot]}
              method: [full, qlora]
              batch: {sequence_length: [512, 2048]}
              data: {tokens: [1e6, 1e9], epochs: 2}
              """,
              "sweep.yaml")
          .product();

  private static final RowEstimator ESTIMATOR = estimator();

  private static List<SweepResult> whole;

  @BeforeAll
  static void estimate() throws IOException {
    whole = rows(ESTIMATOR, 0, PRODUCT.rows());
  }

  @Test
  void a_row_of_a_product_is_that_of_its_job_alone() {
    RowEstimator alone = estimator();

    assertThat(whole).hasSize((int) PRODUCT.rows());
    for (int i = 0; i < whole.size(); i += 7) {
      assertThat(whole.get(i).values()).isEqualTo(alone.estimate(row(i)).values());
    }
  }

  @Test
  void rows_are_the_same_however_they_are_cut() throws IOException {
    List<SweepResult> pieces = new ArrayList<>();
    long step = 13;
    for (long from = 0; from < PRODUCT.rows(); from += step) {
      pieces.addAll(rows(ESTIMATOR, from, Math.min(PRODUCT.rows(), from + step)));
    }

    assertThat(pieces.stream().map(SweepResult::values))
        .usingRecursiveComparison()
        .isEqualTo(whole.stream().map(SweepResult::values).toList());
  }

  @Test
  void rows_share_a_trace_where_only_prices_and_data_differ() throws IOException {
    RowEstimator estimator = estimator();
    rows(estimator, 0, PRODUCT.rowsOfJob());

    assertThat(estimator.counters().rows()).isEqualTo(PRODUCT.rowsOfJob());
    assertThat(estimator.counters().traces()).isLessThan(PRODUCT.rowsOfJob() / 4);
  }

  /** The job of a row, put together by hand: the last of the axes changes first. */
  private static SweepRow row(long index) {
    int data = PRODUCT.dataSets();
    CardPlace place = PRODUCT.places().get((int) (index / data % PRODUCT.places().size()));
    JobDocument job =
        PRODUCT
            .job(index / PRODUCT.rowsOfJob())
            .with(JobKey.GPU, place.gpu().name(), Place.of("offers"))
            .with(JobKey.GPU_COUNT, place.count().getAsInt(), Place.of("offers"))
            .with(PRODUCT.dataSet((int) (index % data)));
    return new SweepRow(job, place.rent());
  }

  private static List<SweepResult> rows(RowEstimator estimator, long from, long to)
      throws IOException {
    List<SweepResult> rows = new ArrayList<>();
    new ProductRows(PRODUCT, estimator).deliver(from, to, rows::add);
    return rows;
  }

  private static RowEstimator estimator() {
    return new RowEstimator(
        Map.of(), PRODUCT.market(), PRODUCT.purchase(), GpuCatalog.embedded(), Network.FORBIDDEN);
  }
}
