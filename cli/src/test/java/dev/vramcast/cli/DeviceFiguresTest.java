package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Allocated, reserved and device bytes, and what is needed of them. */
class DeviceFiguresTest {

  private static final List<String> ONE_GPU = List.of("--method", "full");
  private static final List<String> MANY_GPUS =
      List.of("--method", "full", "--strategy", "fsdp2", "--count", "8", "--gpu", "a100-40gb");

  @Test
  void all_of_them_are_explained() {
    assertThat(CliRun.of(arguments(List.of("--method", "full", "--explain"))).out())
        .containsSubsequence("Peak allocated", "Reserved", "On the device", "Needed of it");
  }

  @Test
  void each_is_no_more_than_the_next() {
    for (List<String> flags : List.of(ONE_GPU, MANY_GPUS)) {
      JsonNode memory = json(flags).get("memory");

      assertThat(bytes(memory, "reserved"))
          .isBetween(bytes(memory, "allocated"), bytes(memory, "device"));
      assertThat(bytes(memory, "needed"))
          .isBetween(
              bytes(memory, "allocated") + bytes(memory, "context"), bytes(memory, "device"));
    }
  }

  @Test
  void the_device_holds_context_and_buffers_beside_what_is_reserved() {
    JsonNode alone = json(ONE_GPU).get("memory");
    JsonNode memory = json(MANY_GPUS).get("memory");

    assertThat(bytes(alone, "communicator")).isZero();
    assertThat(bytes(memory, "communicator")).isPositive();
    assertThat(bytes(memory, "device"))
        .isEqualTo(
            bytes(memory, "reserved") + bytes(memory, "context") + bytes(memory, "communicator"));
    assertThat(bytes(json(MANY_GPUS).get("ranks").get(0), "needed"))
        .isEqualTo(bytes(memory, "needed"));
  }

  @Test
  void what_is_to_spare_is_counted_from_what_is_needed() {
    JsonNode json = json(MANY_GPUS);

    assertThat(json.get("gpu").get("headroom_bytes").asLong())
        .isEqualTo(bytes(json.get("gpu"), "memory") - bytes(json.get("memory"), "needed"));
  }

  @Test
  void growing_segments_need_no_more() {
    List<String> growing =
        List.of("--method", "full", "--expandable-segments", "true", "--sequence-length", "1024");
    List<String> classic = List.of("--method", "full", "--sequence-length", "1024");

    assertThat(bytes(json(growing).get("memory"), "needed"))
        .isLessThanOrEqualTo(bytes(json(classic).get("memory"), "needed"));
  }

  @Test
  void explain_says_what_the_device_holds() {
    List<String> explained = new ArrayList<>(arguments(MANY_GPUS));
    explained.add("--explain");

    assertThat(CliRun.of(explained).out())
        .containsSubsequence(
            "What is on the device",
            "tensors at the peak",
            "fragmentation",
            "cached",
            "CUDA context",
            "NCCL");
    assertThat(CliRun.of(arguments(MANY_GPUS)).out()).doesNotContain("What is on the device");
  }

  private static JsonNode json(List<String> flags) {
    List<String> all = new ArrayList<>(arguments(flags));
    all.addAll(List.of("--format", "json"));
    return JsonMapper.builder().build().readTree(CliRun.of(all).out());
  }

  private static List<String> arguments(List<String> flags) {
    List<String> all = new ArrayList<>(List.of("estimate", "--model", "gpt2"));
    all.addAll(flags);
    return all;
  }

  private static long bytes(JsonNode node, String name) {
    return node.get(name + "_bytes").asLong();
  }
}
