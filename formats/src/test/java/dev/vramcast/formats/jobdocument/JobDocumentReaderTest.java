package dev.vramcast.formats.jobdocument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.resolve.JobResolver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobDocumentReaderTest {

  /** Every key of the job document, once. */
  private static final String EVERYTHING = text("everything.yaml");

  private static String text(String name) {
    try (InputStream in = JobDocumentReaderTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JobDocument read(String text) {
    return new JobDocumentReader().read(text, "job.yaml");
  }

  @Test
  void every_key_is_read_with_its_line() {
    JobDocument document = read(EVERYTHING);
    assertThat(document.entries()).containsOnlyKeys(JobKey.values());
    List<String> lines = EVERYTHING.lines().toList();
    for (JobDocument.Entry entry : document.entries().values()) {
      assertThat(entry.place().text()).startsWith("job.yaml:");
      Place.Line place = (Place.Line) entry.place();
      String path = entry.key().path();
      assertThat(lines.get((int) place.line() - 1).substring(place.column() - 1))
          .startsWith(path.substring(path.lastIndexOf('.') + 1) + ":");
    }
  }

  @Test
  void an_optimizer_may_have_the_name_that_a_flag_takes() {
    JobDocument document = read("optimizer:\n  name: adamw_torch_fused\n");
    assertThat(document.value(JobKey.OPTIMIZER_NAME, OptimizerName.class))
        .contains(OptimizerName.ADAMW);
    assertThat(document.value(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.class))
        .contains(OptimizerImplementation.FUSED);
  }

  @Test
  void whose_code_runs_an_optimizer_is_what_the_document_says_before_what_the_name_does() {
    for (String text :
        List.of(
            "optimizer:\n  name: adamw_torch_fused\n  implementation: for-loop\n",
            "optimizer:\n  implementation: for-loop\n  name: adamw_torch_fused\n")) {
      assertThat(read(text).value(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.class))
          .contains(OptimizerImplementation.FOR_LOOP);
    }
  }

  @Test
  void values_arrive_typed() {
    JobDocument document = read(EVERYTHING);
    assertThat(document.value(JobKey.METHOD, Method.class)).contains(Method.QLORA);
    assertThat(document.value(JobKey.ROOT_GROUP, RootGroup.class)).contains(RootGroup.PLAIN_RAF);
    assertThat(document.text(JobKey.TORCH_VERSION)).contains("2.10");
    assertThat(document.value(JobKey.TOKENS, Double.class)).contains(1e9);
    Map<String, Object> config = document.modelConfig().orElseThrow();
    assertThat(config).containsEntry("hidden_size", 4096).containsEntry("rope_theta", 5e5);
    assertThat(config).containsEntry("rope_scaling", null);
  }

  @Test
  void json_and_parsed_maps_read_alike() {
    JobDocument yaml = read(EVERYTHING);
    String json = JobDocumentWriter.toJson(yaml);
    assertThat(new JobDocumentReader().read(json, "job.json").toMap()).isEqualTo(yaml.toMap());
    assertThat(read(json).toMap()).isEqualTo(yaml.toMap());
    JobDocument parsed = JobDocumentReader.read(yaml.toMap(), Place.of("case 7"));
    assertThat(parsed.toMap()).isEqualTo(yaml.toMap());
    assertThat(parsed.entry(JobKey.METHOD).orElseThrow().place().text()).isEqualTo("case 7");
    assertThat(JobResolver.resolve(usual(parsed)).job())
        .isEqualTo(JobResolver.resolve(usual(yaml)).job());
  }

  /** Without the settings of stages, of which no job has all. */
  private static JobDocument usual(JobDocument document) {
    return document.without(JobKey.below("objective")).without(JobKey.below("generation"));
  }

  @Test
  void dotted_keys_and_empty_sections_are_understood() {
    assertThat(read("lora.rank: 8\nbatch:\nhardware: null\n").toMap())
        .isEqualTo(Map.of("lora", Map.of("rank", 8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method: lorra|:1:1: method is 'lorra', allowed: full, lora, qlora, dora, rslora, pissa,"
            + " oft,"
            + " ia3, vera, loha, lokr, miss, freeze, galore. Did you mean 'lora'?",
        "lora: {rank: 0}|:1:8: lora.rank is 0, allowed: a whole number from 1 to 65536",
        "lora: {rnak: 8}|:1:8: unknown key 'lora.rnak'. Did you mean 'lora.rank'?",
        "rank: 8|:1:1: unknown key 'rank'. Did you mean 'lora.rank'?",
        "batch_size: 4|:1:1: unknown key 'batch_size'. Did you mean 'batch.micro_batch'?",
        "seq_len: 4|:1:1: unknown key 'seq_len'. Did you mean 'batch.sequence_length'?",
        "lora: {lora_r: 4}|:1:8: unknown key 'lora.lora_r'. Did you mean 'lora.rank'?",
        "lora_r: 8|:1:1: unknown key 'lora_r'. Did you mean 'lora.rank'?",
        "training: {x: 1, examples: 9}|:1:18: unknown key 'training.examples'."
            + " Did you mean 'data.examples'?",
        "gpus: 2|:1:1: unknown key 'gpus'. Did you mean 'hardware.count'?",
        "hardware: {gpus: 2}|:1:12: unknown key 'hardware.gpus'. Did you mean 'hardware.count'?",
        "model: {gpus: 2}|:1:9: unknown key 'model.gpus'. Did you mean 'hardware.count'?",
        "evaluation: {batch_size: 4}|:1:14: unknown key 'evaluation.batch_size'."
            + " Did you mean 'evaluation.micro_batch'?",
        "generation: {tp: 2}|:1:14: unknown key 'generation.tp'."
            + " Did you mean 'generation.tensor'?",
        "vram: 24GB|:1:1: unknown key 'vram'. Did you mean 'hardware.gpu'?",
        "optimiser: {name: sgd}|:1:1: unknown key 'optimiser'. Did you mean 'optimizer'?",
        "hardwre: {gpu: l4}|:1:1: unknown key 'hardwre'. Did you mean 'hardware'?",
        "learning_rate: 1|:1:1: unknown key 'learning_rate'",
        "method:|:1:1: method has no value, allowed: full, lora, qlora, dora, rslora, pissa, oft,"
            + " ia3, vera, loha, lokr, miss, freeze, galore, or leave the key out",
        "method: [lora]|:1:1: method is a list of 1, allowed: full, lora, qlora, dora, rslora,"
            + " pissa, oft, ia3, vera, loha, lokr, miss, freeze, galore",
        "batch: 4|:1:1: batch holds 4, allowed: the keys batch.micro_batch, batch.grad_accum,"
            + " batch.sequence_length, batch.padding, batch.segments, batch.images,"
            + " batch.image_size,"
            + " batch.audio_seconds. Did you mean 'batch.micro_batch'?",
        "batch: {micro_batch: \"4\"}|:1:9: batch.micro_batch is '4', allowed: a whole number"
            + " from 1 to 1000000",
        "compile: yes|:1:1: compile is 'yes', allowed: true or false",
      })
  void what_is_wrong_is_said_in_one_line(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InputException.class)
        .hasMessage("job.yaml" + message);
  }

  @Test
  void each_key_refuses_a_value_of_a_foreign_type() {
    for (JobKey key : JobKey.values()) {
      if (!key.kind().holdsObjects()) {
        assertThatThrownBy(() -> read(key.path() + ": {a: {b: 1}}"))
            .isInstanceOf(InputException.class)
            .hasMessageStartingWith("job.yaml:1:1: " + key.path() + " is an object, allowed: ");
      }
    }
  }

  @Test
  void files_are_read_as_utf8_with_or_without_a_mark(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(file, "\uFEFFmodel:\n  id: mod\u00e8le\n");
    JobDocument document = new JobDocumentReader().read(file);
    assertThat(document.text(JobKey.MODEL_ID)).contains("mod\u00e8le");
    assertThat(document.entry(JobKey.MODEL_ID).orElseThrow().place().text())
        .endsWith("job.yaml:2:3");
  }

  @Test
  void files_that_cannot_be_used_are_refused_by_name(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("job.yaml");
    assertThatThrownBy(() -> new JobDocumentReader().read(file))
        .hasMessageEndingWith("no such file");
    assertThatThrownBy(() -> new JobDocumentReader().read(folder))
        .hasMessageEndingWith("is a directory");
    Files.write(file, "method: l\u00f6ra".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> new JobDocumentReader().read(file))
        .hasMessageEndingWith("is not UTF-8 text; save it as UTF-8");
    Files.writeString(file, "# " + "x".repeat(100));
    assertThatThrownBy(() -> new JobDocumentReader(50).read(file))
        .hasMessageEndingWith("is longer than 50 bytes");
    Files.writeString(file, "");
    assertThatThrownBy(() -> new JobDocumentReader().read(file)).hasMessageEndingWith("is empty");
  }
}
