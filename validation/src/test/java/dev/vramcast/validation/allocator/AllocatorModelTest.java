package dev.vramcast.validation.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What PyTorch's own allocator did with lists of operations, by {@code validation/allocator}. */
@Tag("slow")
class AllocatorModelTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Test
  void the_model_does_with_every_list_what_the_allocator_does() throws IOException {
    List<JsonNode> kept = kept();

    assertThat(kept).hasSizeGreaterThanOrEqualTo(2000);
    assertThat(kept.parallelStream().flatMap(each -> differences(each).stream())).isEmpty();
  }

  @Test
  void the_real_allocator_of_every_release_did_the_same() throws IOException {
    assertThat(kept())
        .allSatisfy(
            each ->
                assertThat(each.get("torch"))
                    .extracting(JsonNode::asString)
                    .containsExactly("2.6.0", "2.9.0", "2.13.0", "2.15.0"));
  }

  @Test
  void a_list_frees_only_what_it_has_allocated() {
    for (long seed = 0; seed < 200; seed++) {
      Map<Integer, Long> living = new HashMap<>();
      for (AllocatorOperation operation : RandomOperations.of(seed)) {
        if (operation instanceof AllocatorOperation.Allocate asked) {
          assertThat(living.put(asked.number(), asked.bytes())).isNull();
        } else {
          assertThat(living.remove(operation.number())).isPositive();
        }
      }
    }
  }

  @Test
  void a_list_written_as_text_is_read_as_it_was() {
    List<AllocatorOperation> operations =
        List.of(
            new AllocatorOperation.Allocate(0, 5L << 32, Stream.PRE_UNSHARD),
            new AllocatorOperation.Allocate(1, 1, Stream.COMPUTE),
            new AllocatorOperation.Free(0));

    assertThat(OperationText.lines(operations))
        .containsExactly("a 0 21474836480 1", "a 1 1 0", "f 0");
    assertThat(OperationText.read(OperationText.lines(operations))).isEqualTo(operations);
  }

  private static List<String> differences(JsonNode kept) {
    long seed = kept.get("seed").asLong();
    List<AllocatorOperation> operations = RandomOperations.of(seed);
    AllocatorSettings settings =
        AllocatorProof.settings(
            kept.get("expandable").asBoolean(), kept.get("max_split_mib").asLong());
    List<String> differences = new ArrayList<>();
    for (JsonNode run : kept.get("runs")) {
      long limit = run.get(0).asLong();
      ModelRun real =
          new ModelRun(run.get(1).asInt() == 1, run.get(2).asInt(), run.get(3).asLong());
      ModelRun model = ModelRun.of(operations, settings, AllocatorProof.limit(limit));
      if (!model.equals(real)) {
        differences.add("seed " + seed + " limit " + limit + ": " + real + ", model " + model);
      }
    }
    return differences;
  }

  private static List<JsonNode> kept() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    AllocatorModelTest.class.getResourceAsStream("random.jsonl")),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(MAPPER::readTree).toList();
    }
  }
}
