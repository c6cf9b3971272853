package dev.vramcast.core.job.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.CodeFact;
import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.resolve.Jobs;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameworkCodeTest {

  /** Of those that train Transformers' models. */
  private static final Set<String> WITHOUT_LIGER =
      Set.of("unsloth", "colossalai", "fsdp_qlora", "llama-recipes", "nemo-rl");

  private static Stream<String> frameworks() {
    return Frameworks.names().stream();
  }

  private static FrameworkCode code(String framework) {
    return job("--framework " + framework).frameworkCode();
  }

  private static ResolvedJob job(String flags) {
    return Jobs.resolve(flags + " --sequence-length 128").job();
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void a_framework_is_found_under_the_name_of_its_rules(String framework) {
    assertThat(Frameworks.rules(Optional.of(framework)).name()).isEqualTo(framework);
  }

  @ParameterizedTest
  @CsvSource({
    "ms-swift, megatron, megatron-swift",
    "MS-Swift, megatron, megatron-swift",
    "llama-factory, megatron, mcore-adapter",
    "ms-swift, fsdp2, ms-swift",
    "trl, fsdp2, trl",
    "megatron, megatron, megatron"
  })
  void what_trains_on_megatron_has_the_name_of_the_code_that_does(
      String given, String strategy, String runs) {
    ResolvedJob job = job("--framework " + given + " --strategy " + strategy + " --count 2");

    assertThat(job.framework().name()).isEqualTo(runs);
  }

  @ParameterizedTest
  @CsvSource({
    "--quantization int8 --transformers 4.35, FULL, true",
    "--quantization nf4 --transformers 4.42, FULL, true",
    "--quantization nf4 --transformers 4.44, NONE, true",
    "--quantization none --transformers 4.35, NONE, true",
    "--quantization none --transformers 4.35 --count 2, FULL, false"
  })
  void k_bit_preparation_checkpoints_what_llama_recipes_trains_on_one_gpu(
      String flags, Checkpointing expected, boolean reentrant) {
    ResolvedJob job = job("--framework llama-recipes --method lora " + flags);

    assertThat(job.checkpointing()).isEqualTo(expected);
    assertThat(job.reentrant()).isEqualTo(reentrant);
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void every_fact_names_the_framework_and_the_place_that_decides(String framework) {
    List<CodeFact> facts = code(framework).facts();
    Set<String> known = Set.copyOf(Frameworks.names());

    assertThat(facts).isNotEmpty();
    assertThat(facts).extracting(CodeFact::name).doesNotHaveDuplicates();
    assertThat(facts)
        .allSatisfy(
            fact -> {
              String[] place = fact.place().split(": ", 2);
              assertThat(known).contains(place[0]);
              assertThat(place[1]).matches(".*[/.].*");
            });
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void a_fact_of_its_own_wins_over_that_of_the_framework_it_builds_on(String framework) {
    FrameworkCode code = code(framework);

    assertThat(code.facts())
        .filteredOn(fact -> fact.name().equals("loss.liger_reaches"))
        .allMatch(fact -> fact.value().equals(code.loss().ligerReaches()));
    assertThat(code.loss().ligerReaches())
        .isEqualTo(!code.hasOwnModels() && !WITHOUT_LIGER.contains(framework));
  }

  @Test
  void every_kind_of_fact_is_stated_by_some_framework() throws IllegalAccessException {
    Set<String> stated =
        frameworks()
            .flatMap(framework -> code(framework).facts().stream())
            .map(CodeFact::name)
            .collect(Collectors.toSet());

    for (Field field : CodeKey.class.getDeclaredFields()) {
      if (field.getType() == CodeKey.class) {
        assertThat(stated).contains(((CodeKey<?>) field.get(null)).name());
      }
    }
  }

  @Test
  void an_unknown_framework_runs_the_code_of_transformers() {
    assertThat(code("homemade"))
        .usingRecursiveComparison()
        .ignoringFields("stages", "facts")
        .isEqualTo(code("transformers"));
  }

  @Test
  void no_trainer_of_preferences_is_known_of_an_unknown_framework() {
    assertThat(code("homemade").stages()).isEqualTo(StageCode.UNKNOWN);
    assertThat(code("transformers").stages().heads()).isEqualTo(code("trl").stages().heads());
  }

  @ParameterizedTest
  @CsvSource({"2.7, true, false, false", "2.8, true, true, false", "2.11, false, true, true"})
  void torchtitan_is_the_release_of_its_pytorch(
      String torch, boolean expandsHeads, boolean compilesLoss, boolean keepsCudnn) {
    FrameworkCode code = code("torchtitan --torch " + torch);

    assertThat(code.attention().expandsHeads()).isEqualTo(expandsHeads);
    assertThat(code.loss().compiles()).isEqualTo(compilesLoss);
    assertThat(code.attention().keepsCudnn()).isEqualTo(keepsCudnn);
  }

  @Test
  void the_loss_of_trl_is_tiled_since_1_15() {
    assertThat(code("trl --framework-version 1.14").loss().chunks())
        .isInstanceOf(LossChunks.Checkpointed.class);
    assertThat(code("trl --framework-version 1.15").loss().chunks())
        .isInstanceOf(LossChunks.Tiles.class);
    assertThat(code("trl").loss().chunks()).isInstanceOf(LossChunks.Tiles.class);
  }

  @ParameterizedTest
  @CsvSource({
    "nll, 1.3, FULL",
    "nll, 1.14, FULL",
    "nll, 1.15, CHUNKED",
    "chunked_nll, 1.4, CHUNKED",
    "chunked_nll, 1.14, CHUNKED",
    "chunked_nll, 1.15, CHUNKED",
    "dft, 1.15, CHUNKED",
  })
  void the_loss_of_trl_is_what_its_type_asks_for_in_each_release(
      String type, String version, LossKernel loss) {
    ResolvedJob job = supervised(type, version);

    assertThat(job.notModelled()).isEmpty();
    assertThat(job.loss()).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({"chunked_nll, 1.3", "dft, 1.3", "dft, 1.14"})
  void a_loss_of_trl_that_its_release_does_not_compute_in_chunks_is_not_modelled(
      String type, String version) {
    assertThat(supervised(type, version).notModelled())
        .extracting(Gap::toString)
        .containsExactly("objective.loss_type " + type);
  }

  private static ResolvedJob supervised(String type, String version) {
    return Jobs.resolve(
            "--sequence-length 64 --framework trl --framework-version "
                + version
                + " --loss-type "
                + type)
        .job();
  }

  @Test
  void the_trainer_writes_every_500_steps_and_axolotl_four_epochs() {
    SaveCode trainer = code("unsloth").saving();
    SaveCode axolotl = code("axolotl").saving();

    assertThat(trainer.writer()).isEqualTo(SaveCode.Writer.TRAINER);
    assertThat(trainer.interval()).isEqualTo(new SaveCode.Steps(500));
    assertThat(trainer.kept().of(7)).isEqualTo(7);
    assertThat(axolotl.writer()).isEqualTo(SaveCode.Writer.TRAINER);
    assertThat(axolotl.interval()).isEqualTo(new SaveCode.Epochs());
    assertThat(axolotl.kept().of(7)).isEqualTo(4);
    assertThat(axolotl.kept().of(3)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "transformers --transformers 4.57, FULL, SHARDED",
    "transformers --transformers 5.24, FULL, FULL",
    "ms-swift, FULL, SHARDED",
    "torchtune, FULL, FULL",
    "llama-recipes --transformers 4.43, SHARDED, SHARDED"
  })
  void shards_are_saved_as_the_framework_of_the_time_does(
      String framework, SaveCode.StateDict fsdp1, SaveCode.StateDict fsdp2) {
    SaveCode saving = code(framework).saving();

    assertThat(saving.fsdp1()).isEqualTo(fsdp1);
    assertThat(saving.fsdp2()).isEqualTo(fsdp2);
  }

  @Test
  void litgpt_finds_outputs_of_the_step_before_since_it_is_a_package() {
    assertThat(code("litgpt --torch 2.1").loop().outputs()).isEqualTo(KeptOutputs.THROUGH_BACKWARD);
    assertThat(code("litgpt").loop().outputs()).isEqualTo(KeptOutputs.INTO_NEXT_STEP);
  }

  @Test
  void a_loop_that_keeps_its_outputs_differs_in_nothing_else() {
    ResolvedJob job = job("");
    ResolvedJob keeping = job.keepingLogits();

    assertThat(keeping.frameworkCode().loop().outputs()).isEqualTo(KeptOutputs.INTO_NEXT_STEP);
    assertThat(keeping.frameworkCode())
        .usingRecursiveComparison()
        .ignoringFields("loop.outputs")
        .isEqualTo(job.frameworkCode());
  }
}
