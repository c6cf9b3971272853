package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.axolotl.AxolotlReaderTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages of Axolotl's files, and the engines that generate for them. */
class AxolotlStagesTest {

  @ParameterizedTest
  @CsvSource({
    "rl: dpo, dpo,",
    "rl: ipo, dpo, ipo",
    "rl: kto, kto,",
    "rl: orpo, orpo,",
    "rl: simpo, cpo, simpo",
    "rl: grpo, grpo,",
    "rl: gdpo, grpo,",
    "reward_model: true, reward,",
    "'rl: dpo~dpo_loss_type: [sigmoid, hinge]', dpo, 'sigmoid,hinge'",
  })
  void the_stage_is_taken_with_the_loss_that_makes_it_one(String text, String stage, String loss) {
    Reading reading = with(text);

    assertThat(value(reading, JobKey.STAGE)).isEqualTo(stage);
    assertThat(value(reading, JobKey.LOSS_TYPE))
        .isEqualTo(loss == null ? null : List.of(loss.split(",")));
    assertThat(JobResolver.resolve(reading.document()).job().objective().stage().label())
        .isEqualTo(stage);
    assertThat(JobResolver.resolve(reading.document()).job().notModelled()).isEmpty();
  }

  /** utils/data/rl.py: rows of GRPO are dropped by no length. */
  @ParameterizedTest
  @CsvSource({
    "2048, 1024, 1536",
    "1026, 1024, 1536",
    "1024, 1024, 1536",
    "512, 4096, 4608",
  })
  void completions_are_as_long_as_the_file_says_whatever_its_rows_are(
      int rows, int completion, int length) {
    Reading reading =
        with(
            "rl: grpo~sequence_len: " + rows + "~trl: {max_completion_length: " + completion + "}");

    assertThat(value(reading, JobKey.COMPLETION_LENGTH)).isEqualTo(completion);
    assertThat(value(reading, JobKey.PROMPT_LENGTH)).isEqualTo(512);
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(length);
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("objective.prompt_length");
  }

  @ParameterizedTest
  @CsvSource({"objective.prompt_length, 300", "batch.sequence_length, 1324"})
  void who_says_how_long_prompts_are_is_told_nothing_of_them(String path, String given) {
    JobDocument flags = JobDocument.empty().withFlag(JobKey.ofPath(path).orElseThrow(), given);
    String text =
        "base_model: a/b\nrl: grpo\nsequence_len: 2048\nmicro_batch_size: 8\n"
            + "trl: {max_completion_length: 1024}\n";
    TrainingFile file = TrainingText.of(text, "job.yaml").with(flags);
    Reading reading = TrainingFiles.read(List.of(file), Optional.empty(), p -> Optional.empty());

    assertThat(JobResolver.resolve(reading.under(flags)).job().batch().sequenceLength())
        .isEqualTo(1324);
    assertThat(keys(reading, FindingCode.ASSUMED)).doesNotContain("objective.prompt_length");
  }

  @Test
  void settings_of_a_stage_are_taken_from_its_own_section() {
    Reading reading = with("rl: grpo~trl: {num_generations: 8, beta: 0.04, num_iterations: 2}");

    assertThat(value(reading, JobKey.GROUP_SIZE)).isEqualTo(8);
    assertThat(value(reading, JobKey.BETA)).isEqualTo(0.04);
    assertThat(value(reading, JobKey.ITERATIONS)).isEqualTo(2);
  }

  /** axolotl 0.19.0: utils/schemas/validation.py, core/trainers/grpo set_training_args_kwargs. */
  @ParameterizedTest
  @CsvSource({
    "'trl: {use_vllm: true}', vllm-server,",
    "'trl: {use_vllm: true, vllm_mode: server}', vllm-server,",
    "'trl: {use_vllm: true, vllm_mode: colocate}', vllm-colocate, 0.85",
  })
  void an_engine_is_a_server_unless_it_is_said_to_be_beside_the_policy(
      String text, String engine, Double fraction) {
    Reading reading = with("rl: grpo~vllm: {host: 0.0.0.0, gpu_memory_utilization: 0.85}~" + text);

    assertThat(value(reading, JobKey.ENGINE)).isEqualTo(engine);
    assertThat(value(reading, JobKey.ENGINE_FRACTION)).isEqualTo(fraction);
  }

  @Test
  void completions_of_ebft_are_generated_as_those_of_grpo_are() {
    Reading reading = with("rl: ebft~ebft: {use_whitening: false}~trl: {num_generations: 4}");
    assertThat(value(reading, JobKey.STAGE)).isEqualTo("ebft");
    assertThat(value(reading, JobKey.GROUP_SIZE)).isEqualTo(4);
  }

  /** axolotl 0.19.0: core/trainers/ebft/args.py AxolotlStridedEBFTConfig. */
  @Test
  void texts_of_ebft_are_gone_on_with_at_places_of_them() {
    String said = "stride: 16, generate_max_len: 4, n_samples_per_prompt: 2, ce_coef: 0.03";
    Reading reading = with("rl: ebft~ebft: {mode: strided, context_length: 2, " + said + "}");

    Objective objective = JobResolver.resolve(reading.document()).job().objective();
    assertThat(((Objective.EnergyOfPlaces) objective).places())
        .isEqualTo(new Settings.Places(2, 16, 4, 2, true));
  }

  @Test
  void prompts_before_the_first_place_are_those_that_a_flag_says() {
    Reading reading =
        with("rl: ebft~ebft: {mode: strided, context_length: 8, min_completion_prefix: 16}");

    assertThat(value(reading, JobKey.PROMPT_LENGTH)).isEqualTo(16);
    assertThat(reading.findings())
        .extracting(Object::toString)
        .anyMatch(text -> text.contains("prompts are counted as having no tokens"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "top_p: abc; ebft.top_p",
        "min_completion_prefix: abc; ebft.min_completion_prefix",
        "'feature_layers: {a: 1}'; ebft.feature_layers"
      })
  void what_cannot_be_read_of_places_is_a_finding(String said, String key) {
    Reading reading = with("rl: ebft~ebft: {mode: strided, stride: 8, " + said + "}");

    assertThat(reading.findings())
        .extracting(Object::toString)
        .anyMatch(text -> text.contains(key));
    assertThat(reading.unreadable()).isNotEmpty();
  }

  @Test
  void kernels_in_place_of_a_models_code_are_not_modelled() {
    Reading reading = with("use_dsv4_kernels: true");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("use_dsv4_kernels (what its kernels keep in place of the model's");
    assertThat(with("use_dsv4_kernels: false").under(JobDocument.empty()).has(JobKey.MODEL_ID))
        .isTrue();
  }

  @Test
  void a_stage_without_a_name_is_not_modelled_until_a_flag_gives_one() {
    Reading reading = with("kd_trainer: true");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(
            "stage distillation without a named teacher (which passes its trainer runs, and what"
                + " they keep) is not modelled yet, modelled: what objective.stage says that it is"
                + " like");
    assertThat(reading.under(JobDocument.empty().withFlag(JobKey.STAGE, "grpo")).has(JobKey.STAGE))
        .isTrue();
  }
}
