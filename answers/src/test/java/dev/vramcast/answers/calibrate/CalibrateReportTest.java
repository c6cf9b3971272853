package dev.vramcast.answers.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.correction.CorrectionStore;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Asked.Json;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateReportTest {

  private static final Map<RunFigure, String> RUN = Map.of(RunFigure.ALLOCATED, "4GiB");

  @TempDir private Path folder;

  private static CalibrateReport report(
      Map<String, ?> job,
      Map<RunFigure, String> figures,
      Optional<String> speed,
      Optional<CalibrateRequest.Save> save) {
    EstimateRequest request =
        new EstimateRequest(
            JobDocumentReader.read(job, Place.of("job")),
            new Sources.NamesOnly(Optional.empty(), Network.FORBIDDEN),
            GpuCatalog.embedded());
    return new CalibrateRequest(request, RunFigures.read(figures, speed).orElseThrow(), save)
        .report();
  }

  private static CalibrateReport report(Map<RunFigure, String> figures, Optional<String> speed) {
    return report(Asked.job("l4"), figures, speed, Optional.empty());
  }

  private Optional<CalibrateRequest.Save> save(String name) {
    return Optional.of(
        new CalibrateRequest.Save(
            new CorrectionStore(folder.resolve("kept.ini")),
            name,
            LocalDate.of(2026, 11, 25),
            "1.2.3"));
  }

  private static String text(CalibrateReport report) {
    return String.join("\n", report.lines(new Terminal(Terminal.PLAIN_WIDTH, false, false)));
  }

  @Test
  void a_run_that_met_the_estimate_differs_in_nothing_and_is_inside_the_range() {
    long estimated = report(RUN, Optional.empty()).estimated().bytes(RunFigure.ALLOCATED);
    // Runs were seldom below estimates, so that the range may begin at this one.
    String read = (estimated + (1 << 20) - 1 >> 20) + "MiB";
    String text = text(report(Map.of(RunFigure.ALLOCATED, read), Optional.empty()));

    assertThat(text).containsPattern("allocated.* 0\\.00 GiB +[+-]?0\\.0 % +inside");
  }

  @Test
  void a_run_far_off_is_outside_and_says_by_how_much_in_bytes_and_per_cent() {
    CalibrateReport report = report(Map.of(RunFigure.ALLOCATED, "20GiB"), Optional.empty());
    long difference = (20L << 30) - report.estimated().bytes(RunFigure.ALLOCATED);
    Json json = new Json(report.json("1"));

    assertThat(text(report)).containsPattern("allocated +20\\.00 GiB.*\\+.* % +outside");
    assertThat(json.toString()).contains(String.valueOf(difference));
  }

  @Test
  void a_speed_is_held_against_that_of_all_gpus() {
    CalibrateReport report = report(Map.of(), Optional.of("1000"));

    assertThat(report.run().hasPeak()).isFalse();
    assertThat(text(report)).containsPattern("tokens/s +1,000 ");
  }

  @Test
  void more_than_the_card_has_is_the_run_of_another_card() {
    assertThatThrownBy(() -> report(Map.of(RunFigure.DEVICE, "30GiB"), Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("device is 30720 MiB (--device), but L4 has ");
  }

  @Test
  void a_correction_is_kept_under_a_name_of_the_job_with_a_number_where_it_is_taken() {
    CalibrateReport first = report(Asked.job("l4"), RUN, Optional.empty(), save(""));
    CalibrateReport second = report(Asked.job("l4"), RUN, Optional.empty(), save(""));

    assertThat(save("").orElseThrow().store().corrections())
        .extracting(SavedCorrection::name)
        .containsExactly("qwen2.5-0.5b-lora-l4", "qwen2.5-0.5b-lora-l4-2");
    assertThat(text(first)).contains("Kept as 'qwen2.5-0.5b-lora-l4' in ");
    assertThat(second.kept().orElseThrow().correction().name()).endsWith("-2");
  }

  @Test
  void a_correction_without_a_card_or_a_name_of_letters_is_refused() {
    Map<String, Object> cardless = new HashMap<>(Asked.job("l4"));
    cardless.remove("hardware");

    assertThatThrownBy(() -> report(cardless, RUN, Optional.empty(), save("")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--save needs the card of the run");
    assertThatThrownBy(() -> report(Asked.job("l4"), RUN, Optional.empty(), save("a b")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--save is 'a b', allowed: up to 64 letters");
    assertThat(save("").orElseThrow().store().corrections()).isEmpty();
  }

  @Test
  void figures_that_no_card_has_are_refused_with_their_option() {
    assertThatThrownBy(() -> report(Map.of(RunFigure.RESERVED, "0GiB"), Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--reserved is '0GiB', allowed: more than 0");
    assertThatThrownBy(() -> report(RUN, Optional.of("fast")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--tokens-per-second is 'fast', allowed: a number above 0");
    assertThat(RunFigures.read(Map.of(), Optional.empty())).isEmpty();
  }
}
