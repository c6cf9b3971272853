package dev.vramcast.core.life.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sizes of files against those that safetensors 0.8 and PyTorch 2.15 wrote. */
class WrittenSizesTest {

  @Test
  void equal_layers_take_what_their_tensors_take_by_name() {
    List<SavedTensor> outside = List.of(tensor("m.norm.weight", DataType.BF16, 3));
    List<SavedTensor> layer =
        List.of(
            tensor("q.weight", DataType.BF16, 700, 30),
            tensor("experts.10.up", DataType.BF16, 5, 900),
            tensor("experts.2.up", DataType.BF16, 5, 90_000));
    List<SavedTensors.Block> blocks = new ArrayList<>();
    blocks.add(new SavedTensors.Block("", outside));
    List<SavedTensor> flat = new ArrayList<>(outside);
    for (int i = 0; i < 120; i++) {
      String path = "m.layers." + i + ".";
      blocks.add(new SavedTensors.Block(path, layer));
      layer.forEach(
          each -> flat.add(new SavedTensor(path + each.name(), each.shape(), each.dtype())));
    }

    assertThat(SafetensorsFile.bytes(new SavedTensors(blocks)))
        .isEqualTo(SafetensorsFile.bytes(flat));
    assertThat(TorchFile.bytes("x", new SavedTensors(blocks), 1))
        .isEqualTo(TorchFile.bytes("x", flat, 1));
  }

  @Test
  void a_header_is_counted_to_the_byte_and_filled_up_to_eight() {
    // {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}
    List<SavedTensor> one = List.of(tensor("a", DataType.FP32, 2, 3));

    assertThat(SafetensorsFile.bytes(one)).isEqualTo(8 + 88 + 24);
  }

  @Test
  void offsets_follow_the_order_in_which_tensors_are_written() {
    // The wider dtype is written first, so "b" begins at 0 and "a" behind its 4,000,000 bytes.
    List<SavedTensor> both =
        List.of(tensor("a", DataType.BF16, 10), tensor("b", DataType.FP32, 1_000_000));
    List<SavedTensor> turned = List.of(both.get(1), both.get(0));
    long header =
        "{\"__metadata__\":{\"format\":\"pt\"}".length()
            + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1000000],\"data_offsets\":[0,4000000]}".length()
            + ",\"a\":{\"dtype\":\"BF16\",\"shape\":[10],\"data_offsets\":[4000000,4000020]}}"
                .length();

    assertThat(SafetensorsFile.bytes(both)).isEqualTo(8 + (header + 7) / 8 * 8 + 4_000_020);
    assertThat(SafetensorsFile.bytes(turned)).isEqualTo(SafetensorsFile.bytes(both));
  }

  @Test
  void an_archive_of_states_is_as_large_as_a_real_one() {
    // torch.save of AdamW's states of 56 matrices of 4 layers, with a count of steps each.
    List<SavedTensor> states = new ArrayList<>();
    for (long[] shape : shapes()) {
      states.add(new SavedTensor("step", List.of(), DataType.FP32));
      states.add(tensor("exp_avg", DataType.FP32, shape));
      states.add(tensor("exp_avg_sq", DataType.FP32, shape));
    }

    assertThat(TorchFile.bytes("optimizer", states, states.size() / 3))
        .isCloseTo(2_143_243, within(200L));
  }

  @Test
  void records_begin_at_multiples_of_64_and_have_names() {
    List<SavedTensor> one = List.of(tensor("a", DataType.UINT8, 1));
    List<SavedTensor> aligned = List.of(tensor("a", DataType.UINT8, 33));

    assertThat(TorchFile.bytes("x", aligned, 1) - TorchFile.bytes("x", one, 1)).isEqualTo(64);
    assertThat(TorchFile.bytes("longer", one, 1)).isGreaterThan(TorchFile.bytes("x", one, 1));
  }

  /** Rank 16 on every linear of a Llama with hidden size 256, MLPs of 512, and 128 keys. */
  private static List<long[]> shapes() {
    return IntStream.range(0, 4)
        .boxed()
        .flatMap(
            layer ->
                List.of(
                    new long[] {16, 256},
                    new long[] {256, 16},
                    new long[] {16, 256},
                    new long[] {128, 16},
                    new long[] {16, 256},
                    new long[] {128, 16},
                    new long[] {16, 256},
                    new long[] {256, 16},
                    new long[] {16, 256},
                    new long[] {512, 16},
                    new long[] {16, 256},
                    new long[] {512, 16},
                    new long[] {16, 512},
                    new long[] {256, 16})
                    .stream())
        .toList();
  }

  private static SavedTensor tensor(String name, DataType dtype, long... shape) {
    return new SavedTensor(name, Arrays.stream(shape).boxed().toList(), dtype);
  }
}
