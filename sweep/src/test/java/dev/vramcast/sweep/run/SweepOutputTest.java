package dev.vramcast.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSettings;
import dev.vramcast.sweep.SweepRow;
import dev.vramcast.sweep.table.TableFormat;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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

  /** Micro-batches of changing length, on cards that are tight for some of them too. */
  private static final String PADDED =
      """
      models: [gpt2, qwen2.5-0.5b]
      gpus: [GTX 1080 Ti, L4, H100 SXM5 80GB]
      framework: {name: trl}
      method: [full, lora]
      batch: {padding: longest, micro_batch: [4, 8, 16], sequence_length: 1024}
      data: {tokens: 1e6}
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
  void columns_say_the_same_whatever_others_are_asked_for() throws IOException {
    List<Column> some = List.of(Column.VERDICT, Column.GPU, Column.NEEDED_BYTES, Column.USD);
    Sweep sweep = Sweeps.of(PADDED, 2, 1);

    List<String> all = table(sweep, TableFormat.CSV).lines().toList();
    List<String> few = table(sweep.with(some), TableFormat.CSV).lines().toList();

    assertThat(few).isEqualTo(all.stream().map(line -> cells(line, some)).toList()).hasSize(37);
    assertThat(few.get(0)).isEqualTo("verdict,gpu,needed_bytes,usd");
    assertThat(few).anyMatch(line -> line.startsWith("fits,"));
    assertThat(table(sweep.with(some), TableFormat.JSONL)).startsWith("{\"verdict\":");
  }

  @Test
  void reserved_bytes_are_not_replayed_for_who_does_not_ask_for_them() throws IOException {
    RowEstimator all = RowEstimator.open(RowSettings.usual());
    SweepRow row = SweepRow.of(JobDocument.empty().withFlag(JobKey.MODEL_ID, "gpt2"));

    assertThat(all.estimate(row).value(Column.RESERVED_BYTES)).isNotNull();
    assertThat(all.only(List.of(Column.VERDICT)).estimate(row).value(Column.RESERVED_BYTES))
        .isNull();
    assertThat(all.only(List.of(Column.DEVICE_BYTES)).estimate(row).value(Column.DEVICE_BYTES))
        .isEqualTo(all.estimate(row).value(Column.DEVICE_BYTES));
  }

  /** No cell but the last has a comma in it. */
  private static String cells(String line, List<Column> columns) {
    String[] cells = line.split(",", Column.all().size());
    assertThat(cells).hasSize(Column.all().size());
    return columns.stream().map(column -> cells[column.ordinal()]).collect(Collectors.joining(","));
  }

  @Test
  void verdicts_and_reasons_are_counted() throws IOException {
    Summary done =
        Sweeps.of(SPEC, 2, 1).to(OutputStream.nullOutputStream(), TableFormat.CSV, Sweeps.SILENT);

    assertThat(done.rows()).isEqualTo(48);
    assertThat(done.verdicts().values().stream().mapToLong(count -> count).sum())
        .isLessThanOrEqualTo(48);
    assertThat(done.reasons().keySet())
        .singleElement()
        .asString()
        .contains("no module of this gpt2");
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
