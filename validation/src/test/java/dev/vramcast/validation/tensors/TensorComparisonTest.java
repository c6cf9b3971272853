package dev.vramcast.validation.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.trace.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Llama of two layers with adapters on queries and values, whose tensors validation/measure
 * counted with Transformers 5.24 and PEFT 0.21: all that the estimate lacks are scalars.
 */
class TensorComparisonTest {

  private static final Path FOLDER = Path.of("src/test/resources/tensors");
  private static final List<Path> CASES = List.of(FOLDER.resolve("cases.jsonl"));
  private static final Path MEASURED = FOLDER.resolve("tiny-llama-lora.jsonl");

  @TempDir private Path temporary;

  private Path without(String text) throws IOException {
    List<String> lines = Files.readAllLines(MEASURED);
    List<String> kept = lines.stream().filter(line -> !line.contains(text)).toList();
    assertThat(kept).hasSizeLessThan(lines.size());
    return Files.write(temporary.resolve("tensors.jsonl"), kept);
  }

  @Test
  void the_differences_sum_up_to_that_of_the_peaks() {
    TensorComparison comparison = TensorComparison.of(MEASURED, CASES);

    assertThat(comparison.phase()).isEqualTo(Phase.BACKWARD_HEAD);
    assertThat(comparison.measuredBytes()).isEqualTo(71_054_336);
    assertThat(comparison.differences().stream().mapToLong(TensorDifference::bytes).sum())
        .isEqualTo(comparison.estimatedBytes() - comparison.measuredBytes());
  }

  @Test
  void nothing_of_a_size_that_matters_differs_from_the_real_run() {
    assertThat(TensorComparison.of(MEASURED, CASES).differences())
        .isNotEmpty()
        .allSatisfy(
            difference -> {
              assertThat(difference.elements()).isLessThanOrEqualTo(32);
              assertThat(Math.abs(difference.bytes())).isLessThan(4096);
            });
  }

  @Test
  void a_tensor_that_the_run_does_not_keep_comes_first_with_its_module() throws IOException {
    TensorDifference first =
        TensorComparison.of(without("layers.1.mlp.act_fn"), CASES).differences().get(0);

    assertThat(first.dtype()).isEqualTo("bf16");
    assertThat(first.elements()).isEqualTo(512 * 704);
    assertThat(first.bytes()).isEqualTo(2 * 512 * 704);
    assertThat(first.estimatedCount() - first.measuredCount()).isEqualTo(1);
    assertThat(first.estimated())
        .anySatisfy(
            line -> assertThat(line).contains("model.layers.*.mlp:").contains("aten::silu"));
  }

  @Test
  void what_only_the_run_has_is_named_as_the_run_names_it() throws IOException {
    List<String> lines = Files.readAllLines(MEASURED);
    String more =
        "{\"module\": \"model.layers.0.mlp\", \"operation\": \"aten.mul.Tensor\", \"shape\": [9,"
            + " 100000], \"dtype\": \"bfloat16\", \"count\": 1, \"bytes\": 1800192, \"code\":"
            + " [\"mlp.py:9\"]}";
    Path file =
        Files.write(
            temporary.resolve("more.jsonl"),
            Stream.concat(lines.stream(), Stream.of(more)).toList());

    TensorDifference first = TensorComparison.of(file, CASES).differences().get(0);

    assertThat(first.bytes()).isEqualTo(-1_800_192);
    assertThat(first.measured())
        .containsExactly("1 x model.layers.*.mlp: aten.mul.Tensor, mlp.py:9");
  }

  @Test
  void tensors_of_a_case_that_is_not_there_are_refused_with_the_nearest_name() throws IOException {
    String renamed = Files.readString(MEASURED).replace("tiny-llama-lora", "tiny-lama-lora");
    Path file = Files.writeString(temporary.resolve("renamed.jsonl"), renamed);

    assertThatThrownBy(() -> TensorComparison.of(file, CASES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no case 'tiny-lama-lora' in the case files")
        .hasMessageContaining("tiny-llama-lora");
    assertThatThrownBy(() -> TensorComparison.of(MEASURED, List.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in the cases that are part of vramcast");
  }

  @Test
  void a_line_that_cannot_be_read_is_refused_with_its_place() throws IOException {
    Path file = temporary.resolve("bad.jsonl");
    Files.writeString(file, "{\"id\": \"a\", \"phase\": \"fwd\"}\n");
    assertThatThrownBy(() -> TensorComparison.of(file, CASES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.jsonl:1:13: phase is 'fwd', allowed: one of load, fwd_layers");

    Files.writeString(file, "{\"id\": \"a\", \"phase\": \"step\"}\n{\"operation\": \"x\"}\n");
    assertThatThrownBy(() -> TensorComparison.of(file, CASES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.jsonl:2:1: dtype is missing");

    Files.writeString(file, "");
    assertThatThrownBy(() -> TensorComparison.of(file, CASES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no line, allowed: one with 'id' and 'phase'");
  }
}
