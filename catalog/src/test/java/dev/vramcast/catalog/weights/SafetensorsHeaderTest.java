package dev.vramcast.catalog.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.disk.FailingReads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class SafetensorsHeaderTest {

  private static final String TWO =
      "{\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
          + "\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[0,8]}}";

  @TempDir Path folder;

  @Test
  void reads_names_types_and_shapes_in_the_order_of_the_file() throws IOException {
    assertThat(read(TWO, 12))
        .containsExactly(
            new StoredTensor("a", StoredType.BF16, List.of(2L, 2L), 4, 8),
            new StoredTensor("b", StoredType.F32, List.of(), 1, 4));
  }

  @Test
  void a_file_that_fails_while_it_is_read_is_refused() throws IOException {
    Path file = WeightFixtures.write(folder.resolve("model.safetensors"), TWO, 12);

    assertThat(FailingReads.hold(file, SafetensorsHeader::read)).isGreaterThan(2);
  }

  @Test
  void reads_types_smaller_than_a_byte() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F4\",\"shape\":[3,2],\"data_offsets\":[0,3]}}";
    assertThat(read(header, 3)).extracting(StoredTensor::elements).containsExactly(6L);
  }

  @Test
  void accepts_metadata_padding_and_no_tensor_at_all() throws IOException {
    assertThat(read("{\"__metadata__\":{\"format\":\"pt\"}}   ", 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}x",
        "[]",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[0,7]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[4,12]}}{}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[8,16]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":\"0,8\"}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[-2,-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2.0,2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":null,\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"BF17\",\"shape\":[2,2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"
            + "\"data_offsets\":[0,1]}}",
      })
  void refuses_headers_that_contradict_themselves_or_the_file(String header) {
    assertThatThrownBy(() -> read(header, 12))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("weights.safetensors")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refuses_tensors_that_overlap() {
    String header =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[4,12]}}";
    assertThatThrownBy(() -> read(header, 12))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tensor 'b' overlaps");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 13, Long.MAX_VALUE, Long.MIN_VALUE, 104857601})
  void refuses_a_header_length_that_the_file_cannot_have(long length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    Path file = Files.write(folder.resolve("weights.safetensors"), buffer.putLong(length).array());
    assertThatThrownBy(() -> SafetensorsHeader.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("header length");
  }

  @Test
  void refuses_empty_missing_and_truncated_files() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    assertThatThrownBy(() -> SafetensorsHeader.read(file)).isInstanceOf(InputException.class);
    byte[] whole = Files.readAllBytes(WeightFixtures.write(file, TWO, 12));
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafetensorsHeader.read(file))
          .as("first %d bytes", length)
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void answers_random_bytes_with_a_message_and_nothing_else() throws IOException {
    Random random = new Random(20261125);
    Path file = folder.resolve("weights.safetensors");
    byte[] whole = Files.readAllBytes(WeightFixtures.write(file, TWO, 12));
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = whole.clone();
      if (round % 3 == 0) {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      }
      for (int flips = random.nextInt(6); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        SafetensorsHeader.read(file);
      } catch (InputException e) {
        assertThat(e.getMessage()).contains("weights.safetensors");
      }
    }
  }

  private List<StoredTensor> read(String header, int dataBytes) throws IOException {
    return SafetensorsHeader.read(
        WeightFixtures.write(folder.resolve("weights.safetensors"), header, dataBytes));
  }
}
