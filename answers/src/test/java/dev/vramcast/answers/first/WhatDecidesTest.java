package dev.vramcast.answers.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.vramcast.answers.estimate.EstimateAnswer;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.terminal.Terminal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatDecidesTest {

  private static final Terminal WIDE = new Terminal(200, false, true);

  private static Map<String, Object> merged(String key, double gibibytes) {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.put("method", "lora");
    job.put("saving", Map.of("merge", true, "merge_device", "cpu"));
    job.put("hardware", Map.of("gpu", "rtx-4090", key, gibibytes));
    return job;
  }

  private static String text(Operation operation, Map<String, ?> fields) {
    return Asked.answer(operation, fields).lines(WIDE).stream().collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "host_memory, 2.5, host, The memory of its machine, for the memory of its machine",
    "disk, 1.2, disk, The disk of its machine, for its disk",
  })
  @Tag("slow")
  void the_first_screen_and_its_bar_are_about_what_the_sentence_names(
      String key, double gibibytes, String resource, String heading, String bar) {
    Map<String, Object> fields = Map.of("job", merged(key, gibibytes));

    for (Operation operation : List.of(new EstimateOperation(), new FitOperation())) {
      String text = text(operation, fields);
      String decides = text.substring(text.indexOf("What decides"));
      assertThat(text).contains("does not fit").contains(" too much " + bar);
      assertThat(decides).contains(heading + ", to merge: ", " of " + gibibytes + "0 GiB");
      Asked.Json found = Asked.json(operation, fields).at("decides");
      assertThat(found.get("resource")).isEqualTo(resource);
      assertThat(found.get("episode")).isEqualTo("merge");
      assertThat(found.whole("needed_bytes")).isGreaterThan(found.whole("available_bytes"));
    }
  }

  @Test
  void no_card_is_said_to_hold_what_its_disk_does_not() {
    Terminal bars = new Terminal(200, true, true);
    EstimateAnswer answer =
        (EstimateAnswer) Asked.answer(new EstimateOperation(), Map.of("job", merged("disk", 1.2)));

    assertThat(String.join("\n", answer.lines(bars, true, false)))
        .contains("does not fit")
        .doesNotContain("to spare");
  }

  @Test
  void each_change_says_what_it_leaves_of_what_decides() {
    Asked.Json fit = Asked.json(new FitOperation(), Map.of("job", merged("host_memory", 2.5)));

    assertThat(fit.at("decides").whole("needed_bytes")).isEqualTo(3_377_475_328L);
    assertThat(fit.list("alone"))
        .extracting(
            change -> change.get("change"),
            change -> change.at("decides").get("resource"),
            change -> change.at("decides").whole("needed_bytes"),
            change -> change.whole("saved_bytes"))
        .contains(
            tuple("adapters merged on the card", "host", 3_307_417_344L, 70_057_984L),
            tuple("adapters not merged here", "host", 2_354_544_640L, 1_022_930_688L))
        .allMatch(change -> change.toList().get(1).equals("host"));
  }

  @Test
  void examples_without_a_length_are_told_of_where_dollars_stand() {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.put("data", Map.of("examples", 52000));
    job.put("batch", Map.of("sequence_length", 4096, "padding", "packed"));

    assertThat(text(new FitOperation(), Map.of("job", job)))
        .contains("if every example is as long as allowed (data.tokens_per_example)");
    assertThat(text(new PlanOperation(), Map.of("job", job)))
        .contains("Every example is counted as long as a sequence may be; data.tokens_per_example");
    assertThat(Asked.json(new PlanOperation(), Map.of("job", job)).get("assumptions").toString())
        .contains("data.tokens_per_example says how long they are");
  }
}
