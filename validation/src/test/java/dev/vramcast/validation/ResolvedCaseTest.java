package dev.vramcast.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.MeasuredKind;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolvedCaseTest {

  @ParameterizedTest
  @CsvSource({
    "1,packed,length is a cap,longest",
    "1,packed,'',packed",
    "1,padded,length is a cap,padded",
    "8,packed,length is a cap,packed",
  })
  void a_row_whose_length_is_a_cap_is_not_packed(
      long rows, String padding, String notes, String expected) {
    Map<String, Object> job =
        Map.of(
            "model",
            Map.of("id", "llama-3.1-8b"),
            "method",
            "lora",
            "batch",
            Map.of("micro_batch", rows, "sequence_length", 512, "padding", padding));
    Case measured = Cases.ran("a", 100, MeasuredKind.DEVICE, notes);

    Case subject = new Case("a", measured.source(), job, measured.measured(), notes);

    assertThat(ResolvedCase.of(subject).document().value(JobKey.PADDING, Padding.class))
        .hasValue(Padding.valueOf(expected.toUpperCase(Locale.ROOT)));
  }
}
