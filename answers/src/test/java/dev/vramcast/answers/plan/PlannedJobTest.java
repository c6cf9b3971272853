package dev.vramcast.answers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A planned job is the job that it says: estimated alone, it has the figures of its line. */
@Tag("slow")
class PlannedJobTest {

  private static final int PLANS = 12;
  private static final List<String> MODELS =
      List.of("gpt2", "qwen2.5-0.5b", "llama-3.2-1b", "llama-3.1-8b", "qwen2.5-14b");
  private static final List<String> METHODS = List.of("full", "lora", "qlora");
  private static final List<String> GPUS = List.of("l4", "a100", "h100", "24GB..48GB");

  @Test
  void estimated_alone_a_planned_job_needs_and_takes_what_its_line_says() {
    Random random = new Random(18);
    int lines = 0;
    for (int plan = 0; plan < PLANS; plan++) {
      lines += check(random);
    }
    assertThat(lines).isGreaterThan(PLANS);
  }

  private static int check(Random random) {
    Map<String, Object> job = new HashMap<>();
    job.put("model", Map.of("id", any(MODELS, random)));
    job.put("method", any(METHODS, random));
    job.put("data", Map.of("tokens", 1_000_000 + random.nextInt(50_000_000)));
    if (random.nextBoolean()) {
      job.put("batch", Map.of("sequence_length", 256 << random.nextInt(4)));
    }
    if (random.nextInt(3) == 0) {
      job.put("profile", "bare");
    }
    PlanOperation operation = new PlanOperation();
    Map<String, Object> fields =
        Map.of("job", job, "gpu", any(GPUS, random), "max_price_age", "any");
    try {
      PlanAnswer answer = (PlanAnswer) Asked.answer(operation, fields);
      List<PlanLine> lines = answer.report().plan().lines();
      lines.forEach(PlannedJobTest::holds);
      return lines.size();
    } catch (InputException e) {
      assertThat(e).hasMessageContaining("candidate");
      return 0;
    }
  }

  /** The document as programs get it, read again. */
  private static void holds(PlanLine line) {
    EstimateReport alone =
        new EstimateRequest(
                JobDocumentReader.read(line.document().toMap(), Place.of("planned")),
                new Sources.NamesOnly(Optional.empty(), Network.FORBIDDEN),
                GpuCatalog.embedded())
            .report(RunExtras.USUAL);

    assertThat(alone.expected().needed().bytes())
        .as(line.document().toMap().toString())
        .isEqualTo(line.check().deviceBytes());
    assertThat(alone.time().orElseThrow().tokensPerSecond())
        .isEqualTo(line.speed().tokensPerSecond());
    assertThat(alone.run().orElseThrow().total()).isEqualTo(line.run().total());
  }

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }
}
