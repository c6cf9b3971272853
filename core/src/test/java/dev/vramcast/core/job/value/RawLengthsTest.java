package dev.vramcast.core.job.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.data.CountedLengths;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.QuantileLengths;
import dev.vramcast.core.data.QuantileLengths.Point;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawLengthsTest {

  @Test
  void quantiles_are_the_same_behind_a_flag_and_in_a_file() {
    QuantileLengths expected =
        new QuantileLengths(
            List.of(
                new Point(0, 1), new Point(0.5, 512), new Point(0.995, 2048), new Point(1, 8192)));

    assertThat(JobKey.LENGTHS.parse("p50=512, p99.5=2048,max=8192")).isEqualTo(expected);
    assertThat(JobKey.LENGTHS.parse("max=8192,min=1,p99.5=2048,p50=512")).isEqualTo(expected);
    assertThat(
            JobKey.LENGTHS.read(
                Map.of("p50", new BigDecimal(512), "p99.5", 2048, "max", 8192), Place.of("here")))
        .isEqualTo(expected);
    assertThat(expected).hasToString("min=1,p50=512,p99.5=2048,max=8192");
  }

  @Test
  void a_list_has_the_length_of_each_example() {
    CountedLengths expected = CountedLengths.of(List.of(512, 80, 512));

    assertThat(JobKey.LENGTHS.parse("512, 80,512")).isEqualTo(expected);
    assertThat(JobKey.LENGTHS.read(List.of(80, 512, new BigDecimal(512)), Place.of("here")))
        .isEqualTo(expected);
    assertThat(JobKey.LENGTHS.parse("80")).isEqualTo(CountedLengths.of(List.of(80)));
    LengthDistribution read = (LengthDistribution) JobKey.LENGTHS.parse("512,80");
    assertThat(JobKey.LENGTHS.kind().plain(read)).isEqualTo(List.of(80, 512));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "long",
        "0",
        "-5",
        "5,",
        "100000001",
        "5.5",
        "max=8192",
        "p50=512",
        "p50=512,p95=2048",
        "p50=512,max=100",
        "p50=512,p50=600,max=8192",
        "p50=512,p50.0=600,max=8192",
        "p50=512,512,max=8192",
        "p100=512,max=8192",
        "p=512,max=8192",
        "p50=,max=8192",
        "p50=512,most=8192",
        "mean=512,max=8192",
      })
  void what_is_neither_is_refused(String text) {
    assertThatThrownBy(() -> JobKey.LENGTHS.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--lengths: data.lengths is '")
        .hasMessageEndingWith(
            "allowed: rising quantiles as p50=512,p95=2048,max=8192, or the length of each"
                + " example");
  }

  @Test
  void lists_and_maps_are_bounded() {
    List<Object> endless = Collections.nCopies(100_001, 5);
    assertThatThrownBy(() -> JobKey.LENGTHS.read(endless, Place.of("here")))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> JobKey.LENGTHS.parse("1,".repeat(1_000_000) + "1"))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    assertThatThrownBy(() -> JobKey.LENGTHS.read(Map.of("p50", Map.of()), Place.of("here")))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> JobKey.LENGTHS.read(true, Place.of("here")))
        .isInstanceOf(InputException.class);
  }
}
