package dev.vramcast.validation.range;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.range.Code;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.Spread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RangeMakerTest {

  private static final JobKind FSDP = new JobKind(Spread.FSDP, Code.TRANSFORMERS);

  @Test
  void a_source_is_judged_without_its_own_runs() {
    List<Measurement> measurements = new ArrayList<>(Measurements.rising(100, 5));
    measurements.addAll(Collections.nCopies(30, Measurements.of("odd", 3)));

    RangeTable table = RangeMaker.of(measurements);

    RangeRow forNewJobs = table.find(Figure.HELD, Measurements.ONE_GPU).orElseThrow();
    RangeRow forOdd = table.findWithout("odd", Figure.HELD, Measurements.ONE_GPU).orElseThrow();
    assertThat(forNewJobs.range().high()).isEqualTo(3);
    assertThat(forOdd.range().high()).isLessThan(2);
    assertThat(forOdd.leftOut()).contains("odd");
    assertThat(forOdd.runs()).isEqualTo(100);
    assertThat(forOdd.inside()).isZero();
    assertThat(forNewJobs.checked()).isEqualTo(130);
    assertThat(forNewJobs.inside()).isEqualTo(100);
  }

  @Test
  void a_source_without_runs_of_the_kind_is_judged_as_a_new_job() {
    RangeTable table = RangeMaker.of(Measurements.rising(100, 5));

    assertThat(table.findWithout("who", Figure.HELD, Measurements.ONE_GPU))
        .isEqualTo(table.find(Figure.HELD, Measurements.ONE_GPU))
        .isPresent();
  }

  @Test
  void a_kind_that_falls_with_one_source_has_no_range() {
    assertThat(RangeMaker.of(Measurements.rising(100, 4)).rows()).isEmpty();
    assertThat(RangeMaker.of(Measurements.rising(100, 5)).rows()).isNotEmpty();
  }

  @Test
  void a_thin_kind_takes_the_range_of_a_wider_one() {
    List<Measurement> measurements = new ArrayList<>(Measurements.rising(100, 5));
    measurements.add(Measurements.of(Figure.HELD, FSDP, "source 1", 1.5));

    RangeTable table = RangeMaker.of(measurements);

    assertThat(table.find(Figure.HELD, Measurements.ONE_GPU).orElseThrow().key().words())
        .isEqualTo("reserved or device, one GPU, Transformers");
    assertThat(table.find(Figure.HELD, FSDP).orElseThrow().key().words())
        .isEqualTo("reserved or device");
    assertThat(table.find(Figure.ALLOCATED, FSDP).orElseThrow().key().words())
        .isEqualTo("all figures");
  }

  @Test
  void counted_bytes_are_no_part_of_the_ranges_of_real_runs() {
    List<Measurement> counted =
        Measurements.rising(100, 5).stream()
            .map(t -> Measurements.of(Figure.COUNTED, Measurements.ONE_GPU, t.source(), t.ratio()))
            .toList();

    RangeTable table = RangeMaker.of(counted);

    assertThat(table.find(Figure.COUNTED, FSDP)).isPresent();
    assertThat(table.find(Figure.ALLOCATED, Measurements.ONE_GPU)).isEqualTo(Optional.empty());
  }
}
