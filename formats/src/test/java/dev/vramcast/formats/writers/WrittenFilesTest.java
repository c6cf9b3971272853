package dev.vramcast.formats.writers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.Place.Rental;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as they are written, kept to be read; -Dvramcast.golden.rewrite=true writes them anew. */
class WrittenFilesTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden/written");
  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");
  private static final List<String> COMMENT = List.of("Written by a test");

  private static final String QLORA =
      """
      model: {id: meta-llama/Llama-3.1-8B, quantization: {double_quant: true}}
      method: qlora
      lora: {rank: 32, alpha: 64, dropout: 0.05}
      batch: {micro_batch: 2, grad_accum: 8, sequence_length: 2048, padding: longest}
      checkpointing: full
      checkpointing_reentrant: false
      data: {epochs: 2, file: data/train.jsonl}
      """;

  private static final String FULL =
      """
      model: {id: meta-llama/Llama-3.1-8B}
      method: full
      batch: {grad_accum: 2, sequence_length: 4096}
      checkpointing: full
      attention: flash
      loss: liger
      liger_kernels: [rms_norm, swiglu, rope]
      parallelism: {strategy: fsdp2}
      hardware: {count: 8}
      """;

  private static final String ZERO =
      """
      model: {id: meta-llama/Llama-3.1-8B}
      method: lora
      lora: {targets: [q_proj, v_proj], modules_to_save: [lm_head]}
      batch: {sequence_length: 1024}
      optimizer: {name: adamw}
      parallelism: {strategy: zero3, offload: [parameters, optimizer]}
      allocator: {expandable_segments: true}
      hardware: {count: 16, nodes: 2}
      """;

  private static final String DPO =
      """
      model: {id: meta-llama/Llama-3.1-8B}
      method: lora
      batch: {micro_batch: 2, grad_accum: 8, sequence_length: 1024, padding: longest}
      checkpointing: full
      objective: {stage: dpo, loss_type: [sigmoid], beta: 0.05}
      """;

  private static final String GRPO =
      """
      model: {id: meta-llama/Llama-3.1-8B}
      method: lora
      batch: {micro_batch: 8, grad_accum: 2, sequence_length: 2048, padding: longest}
      checkpointing: full
      objective: {stage: grpo, completion_length: 1024, beta: 0.04}
      generation: {engine: vllm-colocate, group_size: 8, memory_fraction: 0.35, sleep: 2,
        max_model_length: 2048}
      """;

  private static final String PPO =
      """
      model: {id: meta-llama/Llama-3.1-8B}
      method: lora
      precision: bf16-mixed
      batch: {micro_batch: 2, grad_accum: 8, sequence_length: 1536, padding: longest}
      checkpointing: full
      objective: {stage: ppo, prompt_length: 1024}
      framework: {name: llama-factory}
      generation: {steps_per_generation: 16, iterations: 2}
      """;

  static Stream<Arguments> training() {
    return Stream.of(
            Map.entry("qlora", QLORA),
            Map.entry("full", FULL),
            Map.entry("zero", ZERO),
            Map.entry("dpo", DPO),
            Map.entry("grpo", GRPO),
            Map.entry("ppo", PPO))
        .flatMap(
            job ->
                Selection.trainingNames().stream()
                    .filter(format -> canTrain(job.getKey(), format))
                    .map(format -> Arguments.of(job.getKey(), format, job.getValue())));
  }

  private static boolean canTrain(String job, String format) {
    if (job.equals("grpo")) {
      return List.of("axolotl", "trl", "ms-swift").contains(format);
    }
    if (job.equals("ppo")) {
      return format.equals("llama-factory");
    }
    return switch (format) {
      case "unsloth" -> job.equals("qlora") || job.equals("dpo");
      case "torchtune" -> !job.equals("zero");
      case "litgpt" -> !job.equals("zero") && !job.equals("dpo");
      case "deepspeed" -> job.equals("zero");
      default -> true;
    };
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("training")
  void a_training_file_is_as_in_the_golden_file(String job, String format, String document)
      throws IOException {
    TrainingFiles files = written(document, format);

    check(job, files.files(), COMMENT);
    check(job + "/warnings", format + ".txt", lines(files.warnings()));
  }

  static Stream<Arguments> launchers() {
    return Selection.names().stream()
        .filter(name -> !Selection.trainingNames().contains(name))
        .flatMap(name -> Stream.of(Arguments.of("one", name), Arguments.of("many", name)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("launchers")
  void a_launcher_is_as_in_the_golden_file(String place, String launcher) throws IOException {
    boolean many = place.equals("many");
    TrainingFiles training = written(many ? ZERO : QLORA, "axolotl");
    Map<String, String> texts = new LinkedHashMap<>();
    training.files().forEach(file -> texts.put(file.name(), file.text(COMMENT)));
    Launch launch =
        new Launch(
            Launch.name(Jobs.MODEL, "lora"),
            training.start().orElseThrow(),
            texts,
            many
                ? new Place(8, 2, Optional.of(Cards.gpu("A100 80GB SXM4", 80)), Optional.empty())
                : new Place(1, 1, Optional.of(Cards.gpu("RTX 4090", 24)), Optional.of(offer())));

    Selection chosen =
        Selection.of("axolotl," + launcher, new Subject.Flag("--to"), Optional.empty());

    check(place, chosen.launchers().get(0).write(launch).files(), COMMENT);
  }

  private static Rental offer() {
    Offer offer =
        Offer.builder()
            .provider("runpod")
            .instance("1x_RTX4090_SECURE")
            .gpu(Cards.gpu("RTX 4090", 24))
            .count(1)
            .spot(Optional.of(UsdPerHour.of("0.35")))
            .region("CA")
            .asOf(PriceDate.of(LocalDate.of(2026, 9, 30)))
            .source("a test")
            .build();
    return Rental.of(offer, Purchase.SPOT);
  }

  private static TrainingFiles written(String text, String format) {
    JobDocument document = new JobDocumentReader().read(text, "job.yaml");
    assertThat(document.has(JobKey.MODEL_ID)).isTrue();
    return Selection.of(format, new Subject.Flag("--to"), Optional.empty())
        .training()
        .get(0)
        .write(Jobs.job(document).orElseThrow());
  }

  private static void check(String job, List<WrittenFile> files, List<String> comment)
      throws IOException {
    for (WrittenFile file : files) {
      check(job, file.name(), file.text(comment));
    }
  }

  private static void check(String folder, String name, String actual) throws IOException {
    Path path = FOLDER.resolve(folder).resolve(name);
    if (REWRITE) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, actual);
    }
    assertThat(actual).as(name).isEqualTo(Files.readString(path));
  }

  @ParameterizedTest
  @CsvSource({
    "dpo, litgpt, sft",
    "grpo, torchtune, 'sft, dpo'",
    "grpo, llama-factory, 'sft, dpo, kto, orpo, cpo, reward, ppo'",
    "orpo, trl, 'sft, dpo, kto, reward, grpo, rloo'",
    "rloo, axolotl, 'sft, dpo, kto, orpo, cpo, reward, grpo'"
  })
  void a_stage_that_a_framework_has_no_words_for_is_refused(
      String stage, String format, String allowed) {
    String document =
        """
        model: {id: meta-llama/Llama-3.1-8B}
        batch: {micro_batch: 8, sequence_length: 1024}
        objective: {stage: %s}
        """
            .formatted(stage);

    assertThatThrownBy(() -> written(document, format))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(format + " cannot be told objective.stage " + stage)
        .hasMessageContaining("allowed: " + allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method: full|objective.reward_models|a model, or [] for a server",
        "generation: {steps_per_generation: 12}|generation.steps_per_generation 12|8",
        "objective: {stage: ppo, reference: none}|objective.reference none|adapter-off, copy",
      })
  void what_ppo_of_a_policy_with_values_cannot_be_told_is_refused(
      String more, String key, String allowed) {
    String document =
        PPO.lines()
                .filter(line -> !line.startsWith(more.substring(0, more.indexOf(':'))))
                .collect(Collectors.joining("\n"))
            + "\n"
            + more
            + "\n";

    assertThatThrownBy(() -> written(document, "llama-factory"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(key, allowed);
  }

  @Test
  void a_text_that_completions_fill_is_refused_and_one_with_room_is_parted_with_a_word() {
    String unsaid = PPO.replace(", prompt_length: 1024", "");

    TrainingFiles parted = written(unsaid, "llama-factory");
    assertThat(parted.files().get(0).text(COMMENT))
        .contains("max_new_tokens: 1024", "cutoff_len: 512");
    assertThat(lines(parted.warnings()))
        .contains("max_new_tokens is the framework's own, and cutoff_len what it leaves");
    assertThat(lines(written(PPO, "llama-factory").warnings())).doesNotContain("max_new_tokens");
    assertThatThrownBy(() -> written(unsaid.replace("1536", "1024"), "llama-factory"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(
            "batch.sequence_length 1024", "objective.prompt_length or objective.completion_length");
  }

  @Test
  void rewards_of_a_server_are_written_as_such() {
    String document = PPO.replace("stage: ppo", "stage: ppo, reward_models: []");

    assertThat(written(document, "llama-factory").files().get(0).text(COMMENT))
        .contains("reward_model_type: api");
  }

  @ParameterizedTest
  @CsvSource({
    "trl, full, 5.24, every_n_layers: 2",
    "trl, lora, 5.24, every_n_layers: 2",
    "trl, full, 4.57, ''",
    "torchtune, full, 5.24, ac_option: 2",
    "torchtune, lora, 5.24, ''",
  })
  void checkpoints_of_some_layers_are_said_where_there_are_words_for_them(
      String format, String method, String transformers, String said) {
    String document =
        """
        model: {id: meta-llama/Llama-3.1-8B}
        method: %s
        checkpointing: full
        checkpointing_every: 2
        batch: {sequence_length: 1024}
        parallelism: {strategy: fsdp2}
        hardware: {count: 2}
        framework: {name: trl, transformers: "%s"}
        """
            .formatted(method, transformers);
    TrainingFiles files = written(document, format);

    boolean warned = lines(files.warnings()).contains("cannot say checkpointing_every 2");
    assertThat(warned).isEqualTo(said.isEmpty());
    assertThat(files.files()).anyMatch(file -> file.text(COMMENT).contains(said));
  }

  private static String lines(List<Notice> warnings) {
    return warnings.stream().map(Notice::toString).collect(Collectors.joining("\n")) + "\n";
  }
}
