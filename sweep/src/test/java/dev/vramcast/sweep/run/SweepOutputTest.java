package dev.vramcast.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vramcast.sweep.table.TableFormat;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@Tag("slow")
class SweepOutputTest {

  private static final Path GOLDEN = Path.of("src/test/resources/dev/vramcast/sweep");

  private static final String SPEC =
      """
      models: [gpt2, llama-3.1-8b]
      gpus: [RTX 4090, T4, H100 SXM5 80GB]
      method: [full, qlora]
      batch: {sequence_length: [512, 4096]}
      lora: {targets: [q_proj, v_proj]}
      data: {tokens: [1e6, 1e9]}
      """;

  @ParameterizedTest
  @EnumSource(value = TableFormat.class, names = "PARQUET", mode = Mode.EXCLUDE)
  void a_small_spec_gives_this_table(TableFormat format) throws IOException {
    Path golden = GOLDEN.resolve("small." + format.label());
    String table = table(Sweeps.of(SPEC, 2, 1), format);
    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, table);
    }

    assertThat(table).isEqualTo(Files.readString(golden));
  }

  @Test
  void a_stream_has_the_rows_in_their_order_however_many_threads_there_are() throws IOException {
    assertThat(table(Sweeps.small(4), TableFormat.CSV))
        .isEqualTo(table(Sweeps.small(1), TableFormat.CSV));
  }

  @Test
  void verdicts_and_reasons_are_counted() throws IOException {
    Summary done =
        Sweeps.of(SPEC, 2, 1).to(OutputStream.nullOutputStream(), TableFormat.CSV, Sweeps.SILENT);

    assertThat(done.rows()).isEqualTo(48);
    assertThat(done.verdicts().values().stream().mapToLong(count -> count).sum())
        .isLessThanOrEqualTo(48);
    assertThat(done.reasons()).containsKey("T4 has no bf16, allowed: precision fp16-mixed");
    assertThat(done.traces()).isPositive().isLessThan(done.rows());
  }

  @Test
  void a_full_disk_stops_all_threads_with_the_reason() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    try (OutputStream out = new FileOutputStream(full.toFile())) {
      assertThatThrownBy(() -> Sweeps.small(4).to(out, TableFormat.CSV, Sweeps.SILENT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
    }
  }

  private static String table(Sweep sweep, TableFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sweep.to(out, format, Sweeps.SILENT);
    return out.toString(StandardCharsets.UTF_8);
  }
}
