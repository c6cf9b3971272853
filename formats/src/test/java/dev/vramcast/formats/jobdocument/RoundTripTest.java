package dev.vramcast.formats.jobdocument;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.value.ListOf;
import dev.vramcast.core.job.value.Month;
import dev.vramcast.core.job.value.Roles;
import dev.vramcast.core.job.value.TextOrObject;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.core.job.value.VersionText;
import dev.vramcast.core.property.JobProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written is read back, whatever a text holds that YAML could take for something else. */
class RoundTripTest {

  private static final List<String> TEXTS =
      List.of(
          "null",
          "~",
          "true",
          "yes",
          "1e3",
          "2.10",
          "0x10",
          "1_000",
          ".nan",
          "- a",
          "a: b",
          "#x",
          "a #b",
          "*x",
          "&x",
          "!x",
          "[x",
          "{x",
          "'",
          "\"",
          "@x",
          "`x",
          "%x",
          "|",
          ">",
          "?",
          "x:",
          "\u00e9\u4e2d",
          "\\n",
          "2026-01-01",
          "org/model-7B",
          "<<",
          "=",
          "---",
          "...");

  private static JobDocument random(Random random) {
    JobDocument document = JobDocument.empty();
    for (JobKey key : JobKey.values()) {
      if (random.nextInt(3) == 0) {
        document = document.with(key, raw(key.kind(), random), Place.of("random"));
      }
    }
    return document;
  }

  private static Object raw(ValueKind kind, Random random) {
    if (kind instanceof ValueKind.Whole whole) {
      return whole.least() + random.nextInt(whole.most() - whole.least());
    }
    if (kind instanceof ValueKind.Decimal decimal) {
      return decimal.least() + random.nextDouble() * (decimal.most() - decimal.least());
    }
    if (kind instanceof ValueKind.YesOrNo) {
      return random.nextBoolean();
    }
    if (kind instanceof VersionText) {
      return random.nextInt(9) + "." + random.nextInt(99);
    }
    if (kind instanceof TextOrObject && random.nextBoolean()) {
      return Map.of(text(random), text(random), "n", random.nextInt(), "f", random.nextDouble());
    }
    if (kind instanceof ValueKind.Words) {
      return words(random);
    }
    if (kind instanceof ValueKind.Lengths) {
      int most = 1 + random.nextInt(100_000);
      return random.nextBoolean() ? List.of(most, 1, 1) : Map.of("p12.5", 1, "max", most);
    }
    if (kind instanceof ListOf list) {
      int items = list.fewest() + random.nextInt(Math.min(9, list.most() - list.fewest() + 1));
      return Stream.generate(() -> raw(list.item(), random)).limit(items).toList();
    }
    if (kind instanceof Month) {
      return "20%02d-%02d".formatted(random.nextInt(100), 1 + random.nextInt(12));
    }
    if (kind instanceof Roles) {
      return List.of(
          Map.of("role", "actor", "gpus", 8, "strategy", "zero3", "offload", List.of("optimizer")),
          Map.of("role", "rollout", "gpus", 1 + random.nextInt(8)));
    }
    return kind.words().isEmpty()
        ? text(random)
        : kind.words().get(random.nextInt(kind.words().size()));
  }

  private static List<String> words(Random random) {
    List<String> words = new ArrayList<>();
    do {
      words.add(text(random).replace(' ', '_'));
    } while (random.nextBoolean());
    return words;
  }

  private static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  @Test
  void a_written_document_is_read_back_from_yaml() {
    JobProperty.forAll(RoundTripTest::random)
        .check(
            document -> {
              String yaml = JobDocumentWriter.toYaml(document);
              JobDocument read =
                  document.entries().isEmpty()
                      ? document
                      : new JobDocumentReader().read(yaml, "job.yaml");
              assertThat(read.toMap()).isEqualTo(document.toMap());
            });
  }

  @Test
  void a_written_document_is_read_back_from_json() {
    JobProperty.forAll(RoundTripTest::random)
        .check(
            document -> {
              String json = JobDocumentWriter.toJson(document);
              assertThat(new JobDocumentReader().read(json, "job.json").toMap())
                  .isEqualTo(document.toMap());
            });
  }

  @Test
  void a_resolved_job_resolves_to_itself_through_a_file() {
    JobDocument document =
        new JobDocumentReader()
            .read("framework: {name: trl}\nmethod: qlora\nmodel: {id: a/b}\n", "job.yaml");
    Resolution first = JobResolver.resolve(document);
    String yaml = JobDocumentWriter.toYaml(first.document());
    assertThat(JobResolver.resolve(new JobDocumentReader().read(yaml, "job.yaml")).job())
        .isEqualTo(first.job());
  }
}
