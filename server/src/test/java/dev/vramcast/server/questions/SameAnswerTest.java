package dev.vramcast.server.questions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.text.JsonText;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.server.McpClients;
import dev.vramcast.server.TestServer;
import dev.vramcast.server.mcp.ServedClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job has one answer, whoever is asked and in which form. Jobs are random, the same in every
 * build; {@code -Dvramcast.property.seed} and {@code -Dvramcast.property.percent} look for others.
 */
@Tag("slow")
class SameAnswerTest {

  private static final int JOBS = 3;
  private static final Pattern HEADER = Pattern.compile("needs ([0-9.]+) GiB");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @RegisterExtension static final ServedClient SERVED = new ServedClient();

  @TempDir private Path folder;

  /** A job with its answers by the API, which all others are held against. */
  private record Asked(Map<String, Object> job, JsonNode estimate, JsonNode fit) {

    boolean isAnswered() {
      return fit.path("kind").asString("").equals("fit");
    }

    long needed() {
      return fit.get("needed_bytes").asLong();
    }

    String verdict() {
      return fit.get("verdict").asString();
    }
  }

  @Test
  void a_job_has_one_answer_whoever_is_asked() throws IOException {
    List<Asked> all = new ArrayList<>();
    for (Map<String, Object> job : jobs()) {
      Asked asked = new Asked(job, post("estimate", "job", job), post("fit", "job", job));
      all.add(asked);
      String words = JSON.writeValueAsString(job);
      if (asked.isAnswered()) {
        estimateAgrees(words, asked);
        toolAgrees(words, asked);
        maxAgrees(words, asked);
        costAgrees(words, asked);
        writtenFileAgrees(words, asked);
      } else {
        assertThat(asked.estimate().get("detail")).as(words).isEqualTo(asked.fit().get("detail"));
        assertThat(asked.estimate().get("reason")).as(words).isEqualTo(asked.fit().get("reason"));
      }
      documentAgrees(words, asked);
    }
    sweepAgrees(all);

    assertThat(all).filteredOn(Asked::isAnswered).isNotEmpty();
  }

  private static List<Map<String, Object>> jobs() {
    long seed = Long.getLong("vramcast.property.seed", 1);
    int percent = Integer.getInteger("vramcast.property.percent", 100);
    return Stream.iterate(seed, next -> next + 1)
        .limit(Math.max(1, JOBS * percent / 100))
        .map(each -> RandomQuestions.job(new Random(new SplittableRandom(each).nextLong())))
        .toList();
  }

  /** In all of its figures, and when the job with every setting in it is asked again. */
  private static void estimateAgrees(String words, Asked asked) {
    JsonNode estimate = asked.estimate();
    assertThat(estimate.get("summary")).as(words).isEqualTo(asked.fit().get("summary"));
    assertThat(estimate.at("/gpu/verdict")).as(words).isEqualTo(asked.fit().get("verdict"));
    assertThat(estimate.at("/gpu/chance")).as(words).isEqualTo(asked.fit().get("chance"));
    assertThat(estimate.at("/memory/needed_bytes").asLong()).as(words).isEqualTo(asked.needed());
    JsonNode range = estimate.at("/memory/ranges/needed");
    assertThat(range.get("low_bytes")).as(words).isEqualTo(asked.fit().get("low_bytes"));
    assertThat(range.get("high_bytes")).as(words).isEqualTo(asked.fit().get("high_bytes"));

    JsonNode again = post("estimate", "job", JSON.convertValue(estimate.get("job"), Map.class));
    assertThat(again.at("/memory/needed_bytes")).as(words).isEqualTo(needed(estimate));
    assertThat(again.at("/time/tokens_per_second"))
        .as(words)
        .isEqualTo(estimate.at("/time/tokens_per_second"));
  }

  private static JsonNode needed(JsonNode estimate) {
    return estimate.at("/memory/needed_bytes");
  }

  /** As a file for {@code vramcast fit}, which ends with the verdict or refuses alike. */
  private void documentAgrees(String words, Asked asked) throws IOException {
    Path file = Files.writeString(folder.resolve("job.json"), words);
    Answer answer = command("fit", file.toString(), "--format", "json");
    if (asked.isAnswered()) {
      JsonNode fit = JSON.readTree(answer.text());
      assertThat(fit.get("summary")).as(words).isEqualTo(asked.fit().get("summary"));
      assertThat(fit.get("needed_bytes")).as(words).isEqualTo(asked.fit().get("needed_bytes"));
      assertThat(fit.get("alone")).as(words).hasSameSizeAs(asked.fit().get("alone"));
      assertThat(answer.code())
          .as(words)
          .isEqualTo(List.of("fits", "tight", "", "does_not_fit").indexOf(asked.verdict()));
    } else {
      boolean modelled = asked.fit().has("status");
      assertThat(answer.code()).as(words).isEqualTo(modelled ? 2 : 4);
    }
  }

  private static void toolAgrees(String words, Asked asked) {
    Object record =
        McpClients.call(SERVED.client(), "fit", Map.of("job", asked.job())).structuredContent();
    JsonNode fit = JSON.valueToTree(record);
    for (String field : List.of("summary", "verdict", "needed_bytes", "chance")) {
      assertThat(fit.get(field)).as("%s: %s", field, words).isEqualTo(asked.fit().get(field));
    }
  }

  /** The job's own micro-batch is within the most exactly where the job fits. */
  @SuppressWarnings("unchecked")
  private static void maxAgrees(String words, Asked asked) {
    Map<String, Object> open = new LinkedHashMap<>(asked.job());
    Map<String, Object> batch =
        new LinkedHashMap<>((Map<String, Object>) open.getOrDefault("batch", Map.of()));
    batch.remove("micro_batch");
    open.put("batch", batch);
    JsonNode max = post("max", "job", open, "batch", true);
    int own = asked.estimate().at("/job/batch/micro_batch").asInt();
    boolean spare = asked.fit().get("headroom_bytes").asLong() >= 0;

    assertThat(max.at("/for_certain/value").asInt(0) >= own)
        .as(words)
        .isEqualTo(asked.verdict().equals("fits"));
    assertThat(max.at("/by_the_estimate/value").asInt(0) >= own).as(words).isEqualTo(spare);
    JsonNode most = max.get("by_the_estimate");
    if (!most.isNull()) {
      batch.put("micro_batch", most.get("value").asInt());
      JsonNode there = post("fit", "job", open);
      assertThat(most.get("needed_bytes")).as(words).isEqualTo(there.get("needed_bytes"));
      assertThat(most.get("verdict")).as(words).isEqualTo(there.get("verdict"));
    }
  }

  /** Of machines that spread the job as it is spread alone. */
  private static void costAgrees(String words, Asked asked) {
    JsonNode cost = post("cost", "job", asked.job(), "max_price_age", "any");
    for (JsonNode machine : cost.path("machines")) {
      boolean same =
          machine.get("gpu").equals(asked.fit().get("gpu"))
              && machine.get("count").asInt() == asked.fit().get("gpus").asInt()
              && machine.get("strategy").isNull();
      if (same) {
        assertThat(machine.get("needed_bytes").asLong()).as(words).isEqualTo(asked.needed());
        assertThat(machine.get("verdict").asString()).as(words).isEqualTo(asked.verdict());
        assertThat(machine.get("seconds"))
            .as(words)
            .isEqualTo(asked.estimate().at("/time/run/total_seconds"));
      }
    }
  }

  /** A file that was written needs what stands in its first lines when it is read. */
  private static void writtenFileAgrees(String words, Asked asked) {
    String to =
        asked.job().get("framework") instanceof Map<?, ?> framework
            ? String.valueOf(framework.get("name"))
            : "trl";
    JsonNode written = post("write", "job", asked.job(), "to", to);
    if (written.has("files")) {
      JsonNode fit =
          post(
              "fit",
              "files",
              written.get("files").valueStream().map(SameAnswerTest::file).toList(),
              "job",
              Map.of("hardware", asked.job().get("hardware")));
      Matcher header = HEADER.matcher(written.at("/files/0/text").asString());
      assertThat(header.find()).as(words).isTrue();
      double gib = fit.path("needed_bytes").asDouble() / (1L << 30);
      assertThat(String.format("%.2f", gib)).as("%s: %s", words, fit).isEqualTo(header.group(1));
    }
  }

  private static Map<String, Object> file(JsonNode file) {
    return Map.of("name", file.get("path").asString(), "text", file.get("text").asString());
  }

  private void sweepAgrees(List<Asked> all) throws IOException {
    List<String> lines = all.stream().map(asked -> JSON.writeValueAsString(asked.job())).toList();
    Path jobs = Files.write(folder.resolve("jobs.jsonl"), lines);
    Answer answer = command("sweep", jobs.toString(), "--format", "jsonl");
    List<String> rows = answer.text().lines().toList();

    assertThat(rows).as(answer.text()).hasSize(all.size());
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = JSON.readTree(rows.get(i));
      if (all.get(i).isAnswered()) {
        assertThat(row.get("needed_bytes").asLong()).as(rows.get(i)).isEqualTo(all.get(i).needed());
        assertThat(row.get("verdict").asString().replace(' ', '_'))
            .as(rows.get(i))
            .isEqualTo(all.get(i).verdict());
        assertThat(row.get("tokens_per_second"))
            .as(rows.get(i))
            .isEqualTo(all.get(i).estimate().at("/time/tokens_per_second"));
      } else {
        assertThat(row.path("error").asString("")).as(lines.get(i)).isNotEmpty();
      }
    }
  }

  private record Answer(int code, String text) {}

  private static Answer command(String... words) {
    StringWriter out = new StringWriter();
    Console console = SERVED.server().console(new PrintWriter(out));
    List<String> all = new ArrayList<>(List.of(words));
    all.add(1, "--offline");
    return new Answer(Vramcast.run(all, console), out.toString());
  }

  private static JsonNode post(String operation, Object... fields) {
    Map<String, Object> body = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      body.put(String.valueOf(fields[i]), fields[i + 1]);
    }
    return TestServer.json(SERVED.server().post(operation, JsonText.of(body)));
  }
}
