package dev.vramcast.server.questions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.text.JsonText;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.server.McpClients;
import dev.vramcast.server.TestServer;
import dev.vramcast.server.mcp.ServedClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Plain questions have one verdict, whoever is asked. */
@Tag("slow")
class QuestionsTest {

  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");
  private static final Path PAGE = Path.of("../docs/questions.md");
  private static final String START = "<!-- questions -->\n";
  private static final String END = "<!-- end of questions -->";

  /** What the page asks first: the estimate of its job with the tokens that it takes by itself. */
  private static final Map<String, Object> PAGE_DATA = Map.of("tokens", 10_000_000);

  @RegisterExtension static final ServedClient SERVED = new ServedClient();

  /** A question in words, and as the keys of a job. */
  private record Question(String words, Map<String, Object> job, List<String> flags) {

    static Question of(String line) {
      String[] cells = line.split("\t", -1);
      Map<String, Object> job = new LinkedHashMap<>();
      job.put("model", Map.of("id", cells[1]));
      job.put("method", cells[2]);
      job.put("hardware", Map.of("gpu", cells[3]));
      List<String> flags = new ArrayList<>();
      flags.addAll(List.of("--model", cells[1], "--method", cells[2], "--gpu", cells[3]));
      if (!cells[4].isEmpty()) {
        String[] pair = cells[4].split("=");
        flags.addAll(List.of(JobKey.ofPath(pair[0]).orElseThrow().flag(), pair[1]));
        job.put(pair[0].split("\\.")[0], Map.of(pair[0].split("\\.")[1], pair[1]));
      }
      return new Question(cells[0], job, flags);
    }

    Map<String, Object> with(String key, Object value) {
      Map<String, Object> other = new LinkedHashMap<>(job);
      other.put(key, value);
      return other;
    }
  }

  @Test
  void each_plain_question_has_one_verdict_everywhere() throws IOException {
    List<Question> questions = questions();
    StringBuilder table = new StringBuilder();
    table.append("| question | estimate | fit | max | plan | page | API | MCP | needs |\n");
    table.append("|---|---|---|---|---|---|---|---|--:|\n");
    for (Question question : questions) {
      table.append(row(question));
    }

    assertThat(questions).hasSizeGreaterThanOrEqualTo(60);
    String page = Files.readString(PAGE, StandardCharsets.UTF_8);
    int from = page.indexOf(START) + START.length();
    String actual = page.substring(0, from) + table + page.substring(page.indexOf(END));
    if (REWRITE) {
      Files.writeString(PAGE, actual, StandardCharsets.UTF_8);
    }
    assertThat(actual).isEqualTo(Files.readString(PAGE, StandardCharsets.UTF_8));
  }

  private static String row(Question question) {
    JsonNode fit = post("fit", Map.of("job", question.job()));
    String verdict = fit.get("verdict").asString().replace('_', ' ');
    // While the server still knows the steps that its advice has looked at.
    String asTool = mcp(question);
    List<String> verdicts = new ArrayList<>();
    verdicts.add(estimate(question.job()));
    verdicts.add(commandLine(question));
    verdicts.add(max(question, verdict));
    verdicts.add(plan(question, fit, verdict));
    verdicts.add(estimate(question.with("data", PAGE_DATA)));
    verdicts.add(verdict);
    verdicts.add(asTool);

    assertThat(verdicts).as(question.words()).allMatch(v -> v.equals(verdict) || v.equals("-"));
    double needed = fit.get("needed_bytes").asDouble() / (1L << 30);
    return "| "
        + question.words()
        + " | "
        + String.join(" | ", verdicts)
        + " | "
        + Math.round(needed * 10) / 10.0
        + " GiB |\n";
  }

  private static String estimate(Map<String, Object> job) {
    return post("estimate", Map.of("job", job)).at("/gpu/verdict").asString().replace('_', ' ');
  }

  /** What {@code vramcast fit} ends with. */
  private static String commandLine(Question question) {
    List<String> arguments = new ArrayList<>(List.of("fit", "--offline"));
    arguments.addAll(question.flags());
    Console console = SERVED.server().console(new PrintWriter(new StringWriter()));
    return switch (Vramcast.run(arguments, console)) {
      case 0 -> "fits";
      case 1 -> "tight";
      case 3 -> "does not fit";
      case 4 -> "not modelled";
      default -> "refused";
    };
  }

  /** Whether a micro-batch of one is the largest or below it: for certain, or by the estimate. */
  private static String max(Question question, String verdict) {
    JsonNode max = post("max", Map.of("job", question.job(), "batch", true));
    boolean certain = max.at("/for_certain/value").asInt(0) >= 1;
    boolean expected = max.at("/by_the_estimate/value").asInt(0) >= 1;
    if (certain) {
      return "fits";
    }
    return expected ? "tight" : verdict.equals("tight") ? "tight" : "does not fit";
  }

  /** Of the very job on the very machine; a plan rents only what fits for certain. */
  private static String plan(Question question, JsonNode fit, String verdict) {
    Map<String, Object> job = question.with("data", Map.of("tokens", 1_000_000));
    JsonNode settings = post("estimate", Map.of("job", question.job())).get("settings");
    Map<String, Object> batch = new LinkedHashMap<>();
    for (JsonNode setting : settings) {
      String key = setting.get("key").asString();
      String value = setting.get("value").asString("");
      switch (key) {
        case "batch.micro_batch", "batch.grad_accum", "batch.sequence_length" ->
            batch.put(key.substring(6), setting.get("value").asInt());
        case "checkpointing", "loss" -> job.put(key, value);
        case "optimizer.name" -> job.put("optimizer", Map.of("name", value));
        case "parallelism.strategy" -> job.put("parallelism", Map.of("strategy", value));
        default -> {}
      }
    }
    job.put("batch", batch);
    String gpu = fit.get("gpu").asString() + ":" + fit.get("gpus").asInt();
    job.put("hardware", Map.of("gpu", gpu, "nodes", 1));
    HttpResponse<String> response =
        SERVED.server().post("plan", JsonText.of(Map.of("job", job, "max_price_age", "any")));
    if (response.statusCode() != 200) {
      return "-";
    }
    boolean found = !TestServer.json(response).get("lines").isEmpty();
    return found ? "fits" : verdict.equals("fits") ? "nothing" : verdict;
  }

  private static String mcp(Question question) {
    Object record =
        McpClients.call(SERVED.client(), "fit", Map.of("job", question.job())).structuredContent();
    return String.valueOf(((Map<?, ?>) record).get("verdict")).replace('_', ' ');
  }

  private static JsonNode post(String operation, Map<String, Object> fields) {
    HttpResponse<String> response = SERVED.server().post(operation, JsonText.of(fields));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return TestServer.json(response);
  }

  @Test
  void the_pages_that_count_the_questions_count_them_all() throws IOException {
    List<String> tens = List.of("sixty", "seventy", "eighty", "ninety");
    List<String> ones =
        List.of(
            "", "-one", "-two", "-three", "-four", "-five", "-six", "-seven", "-eight", "-nine");
    int count = questions().size();
    String number = tens.get(count / 10 - 6) + ones.get(count % 10);

    assertThat(Files.readString(Path.of("../README.md"))).contains(number + " plain questions");
    assertThat(Files.readString(PAGE)).containsIgnoringCase("\n" + number + " questions");
  }

  private static List<Question> questions() {
    try (var in = QuestionsTest.class.getResourceAsStream("questions.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Question::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
