package dev.vramcast.answers.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {

  private static final String LORA =
      """
      model_name_or_path: Qwen/Qwen2.5-7B
      stage: sft
      finetuning_type: lora
      lora_rank: 24
      """;

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(strings = {"llama-3.1-8b", "Llama 3.1 8B"})
  void a_models_name_in_the_place_of_a_file_is_told_from_one(String said) {
    JobFile file = new JobFile(List.of(Path.of(said)), Optional.empty());

    assertThatThrownBy(() -> file.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file; for the model of that name give ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name: my-run\nowner: me\n", "dtype: bf16\nowner: me\n"})
  void a_key_that_several_sections_have_makes_no_job_document(String text) throws IOException {
    JobFile file =
        new JobFile(List.of(Files.writeString(root.resolve("a.yaml"), text)), Optional.empty());

    assertThatThrownBy(() -> file.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageNotContaining("unknown key");
  }

  @ParameterizedTest
  @CsvSource({
    "ci.yml, 'name: ci~jobs: {a: {steps: [{run: pytest}]}}~'",
    "Makefile, 'test:~\tpytest~'",
    "job.yaml, 'apiVersion: v1~kind: Pod~'",
  })
  void a_file_that_runs_no_training_is_no_job_document(String name, String text)
      throws IOException {
    Path path = Files.writeString(root.resolve(name), text.replace('~', '\n'));
    JobFile file = new JobFile(List.of(path), Optional.empty());

    assertThatThrownBy(() -> file.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("carries no command with options that trains");
  }

  @Test
  void a_script_names_files_from_the_root_of_its_repository() throws IOException {
    Path folder = Files.createDirectories(root.resolve("examples/lora"));
    Files.writeString(folder.resolve("sft.yaml"), LORA);
    Path script =
        Files.writeString(
            folder.resolve("sft.sh"), "llamafactory-cli train examples/lora/sft.yaml\n");

    JobDocument job = new JobFile(List.of(script), Optional.empty()).under(JobDocument.empty());

    assertThat(job.value(JobKey.LORA_RANK, Integer.class)).contains(24);
  }

  @Test
  void a_module_is_not_followed_by_a_link_out_of_its_folder() throws IOException {
    Path folder = Files.createDirectories(root.resolve("lab"));
    Path module = Files.writeString(root.resolve("held.py"), "LENGTH = 640\n");
    Path program =
        Files.writeString(
            folder.resolve("train.py"),
            "from settings import LENGTH\n"
                + "SFTTrainer(model='a/b', args=SFTConfig(max_length=LENGTH)).train()\n");
    Path link = Files.createSymbolicLink(folder.resolve("settings.py"), module);
    JobFile job = new JobFile(List.of(program), Optional.empty());
    assertThat(job.training().orElseThrow().unreadable()).containsKey(JobKey.SEQUENCE_LENGTH);

    Files.delete(link);
    Files.copy(module, link);
    assertThat(job.under(JobDocument.empty()).value(JobKey.SEQUENCE_LENGTH, Integer.class))
        .contains(640);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kept.settings", "..kept.settings"})
  void a_module_is_not_followed_by_a_folder_that_links_out_of_its_own(String module)
      throws IOException {
    Path folder = Files.createDirectories(root.resolve("lab/runs"));
    Path kept = Files.createDirectories(root.resolve("elsewhere"));
    Files.writeString(kept.resolve("settings.py"), "LENGTH = 640\n");
    Path program =
        Files.writeString(
            folder.resolve("train.py"),
            "from %s import LENGTH\n".formatted(module)
                + "SFTTrainer(model='a/b', args=SFTConfig(max_length=LENGTH)).train()\n");
    Path from = module.startsWith(".") ? folder.resolve("..") : folder;
    Path link = Files.createSymbolicLink(from.normalize().resolve("kept"), kept);
    JobFile job = new JobFile(List.of(program), Optional.empty());
    assertThat(job.training().orElseThrow().unreadable()).containsKey(JobKey.SEQUENCE_LENGTH);

    Files.delete(link);
    Path own = Files.createDirectories(root.resolve("lab/shared"));
    Files.copy(kept.resolve("settings.py"), own.resolve("settings.py"));
    Files.createSymbolicLink(link, own);
    Files.createDirectories(root.resolve("lab/.git"));
    assertThat(job.under(JobDocument.empty()).value(JobKey.SEQUENCE_LENGTH, Integer.class))
        .contains(640);
  }

  @Test
  void a_script_takes_in_what_another_one_sets() throws IOException {
    Path folder = Files.createDirectories(root.resolve("course/dpo"));
    Files.writeString(
        root.resolve("course/common.sh"),
        "BASE=Qwen\nMODEL=\"${MODEL:-${BASE}/Qwen3-4B}\"\nNOTE='it'\\''s'\n");
    Path script =
        Files.writeString(
            folder.resolve("train.sh"),
            "ROOT=\"$(cd -- \"$(dirname -- \"${BASH_SOURCE[0]}\")/../..\" && pwd)\"\n"
                + "source \"${ROOT}/course/common.sh\"\n"
                + "swift sft --model \"$MODEL\" --max_length 512\n");

    JobDocument job = new JobFile(List.of(script), Optional.empty()).under(JobDocument.empty());

    assertThat(job.text(JobKey.MODEL_ID)).contains("Qwen/Qwen3-4B");
  }

  @ParameterizedTest
  @CsvSource({"0.17.0,vllm-server", "1.16.0,vllm-colocate"})
  void a_release_that_a_flag_names_is_the_one_whose_defaults_hold(String release, String engine)
      throws IOException {
    Path script =
        Files.writeString(
            root.resolve("grpo.py"),
            "from trl import GRPOConfig, GRPOTrainer\n"
                + "GRPOTrainer(model='Qwen/Qwen2.5-7B', args=GRPOConfig(use_vllm=True)).train()\n");
    JobDocument flags =
        JobDocument.empty()
            .with(JobKey.FRAMEWORK_VERSION, release, new Place.Behind("--framework-version"));

    JobDocument job = new JobFile(List.of(script), Optional.empty()).under(flags);

    assertThat(job.value(JobKey.ENGINE, GenerationEngine.class).map(GenerationEngine::label))
        .contains(engine);
  }

  @Test
  void a_file_names_one_that_lies_above_it() throws IOException {
    Path folder = Files.createDirectories(root.resolve("recipes/small"));
    Files.writeString(
        root.resolve("base.yaml"),
        "policy: {model_name: Qwen/Qwen2.5-7B, train_micro_batch_size: 3}\n"
            + "sft: {max_num_epochs: 1}\ncluster: {gpus_per_node: 2}\n");
    Path recipe =
        Files.writeString(
            folder.resolve("one.yaml"),
            "defaults: ../../base.yaml\ncluster: {gpus_per_node: 4, num_nodes: 1}\n");

    JobDocument job = new JobFile(List.of(recipe), Optional.empty()).under(JobDocument.empty());

    assertThat(job.text(JobKey.MODEL_ID)).contains("Qwen/Qwen2.5-7B");
    assertThat(job.value(JobKey.MICRO_BATCH, Integer.class)).contains(3);
    assertThat(job.value(JobKey.GPU_COUNT, Integer.class)).contains(4);
  }

  @Test
  void a_command_stands_in_place_of_a_file() {
    List<String> words =
        List.of("trl", "sft", "--model_name_or_path", "my model's", "--max_length", "64");

    JobDocument job = JobFile.ofCommand(words, Optional.empty()).under(JobDocument.empty());

    assertThat(job.text(JobKey.MODEL_ID)).contains("my model's");
    assertThat(job.value(JobKey.SEQUENCE_LENGTH, Integer.class)).contains(64);
  }

  /** Columns: the file, then its accumulation alone, on 8 GPUs, and with a micro-batch of 2 too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "recipe: TrainFinetuneRecipeForNextTokenPrediction;step_scheduler: {global_batch_size: 64,"
            + " local_batch_size: 4};model: {pretrained_model_name_or_path: a/b};distributed:"
            + " {strategy: fsdp2} | 16 | 2 | 4",
        "torchrun pretrain_gpt.py --num-layers 2 --hidden-size 64 --num-attention-heads 2"
            + " --vocab-size 512 --seq-length 64 --micro-batch-size 4"
            + " --global-batch-size 64 --bf16 | 16 | 2 | 4",
        "checkpoint_dir: checkpoints/a/b;lora_r: 8;train: {global_batch_size: 64,"
            + " micro_batch_size: 4} | 16 | 2 | 4",
        "base_model: a/b;adapter: lora;batch_size: 16;micro_batch_size: 4 | 4 | 4 | 8",
      })
  void the_batch_of_all_cards_is_divided_by_those_that_the_user_names(
      String text, int alone, int eight, int smaller) {
    String content = text.replace(";", "\n");
    String name = text.startsWith("torchrun") ? "train.sh" : "train.yaml";
    JobTexts file = JobTexts.alone(List.of(new JobTexts.Text(name, content)), Optional.empty());
    JobDocument cards = JobDocument.empty().withFlag(JobKey.GPU, "8x H100");

    assertThat(
            Stream.of(
                    JobDocument.empty(),
                    cards,
                    JobDocument.empty().withFlag(JobKey.GPU_COUNT, "8"),
                    cards.withFlag(JobKey.MICRO_BATCH, "2"))
                .map(flags -> file.under(flags).value(JobKey.GRAD_ACCUM, Integer.class)))
        .containsExactly(
            Optional.of(alone), Optional.of(eight), Optional.of(eight), Optional.of(smaller));
  }

  @Test
  void a_file_that_names_a_base_model_is_no_job_document() {
    String content = "base_model: a/b\nnum_epochs: 3\nlearning_rate: 1e-4\nx1: 2\nx2: 2\nx3: 3\n";
    JobTexts file = JobTexts.alone(List.of(new JobTexts.Text("a.yaml", content)), Optional.empty());

    assertThatThrownBy(() -> file.under(JobDocument.empty()))
        .hasMessageContaining("is of no known format");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model_name_or_path\": \"a/b\", \"task\": \"gsm8k\", \"accuracy\": 0.7, \"samples\": 9}",
        "{\"config\": {\"a\": 1}, \"image\": {\"tag\": \"b\"}, \"trainer\": {\"x\": 1}}",
        "{\"adapter_path\": \"a/b\", \"model\": \"c/d\", \"score\": 1}",
        "{\"base_model_name_or_path\": \"a/b\", \"peft_type\": \"LORA\", \"lora_alpha\": 32}",
      })
  void a_file_with_a_word_that_is_near_a_key_is_no_job_document(String content) {
    JobTexts file = JobTexts.alone(List.of(new JobTexts.Text("a.json", content)), Optional.empty());

    assertThatThrownBy(() -> file.under(JobDocument.empty()))
        .hasMessageContaining("is of no known format");
  }

  @Test
  void a_job_document_whose_only_section_is_misspelt_is_one() {
    String content = "hardwre: {gpu: H100}\n";
    JobTexts file = JobTexts.alone(List.of(new JobTexts.Text("a.yaml", content)), Optional.empty());

    assertThatThrownBy(() -> file.under(JobDocument.empty()))
        .hasMessageContaining("unknown key 'hardwre'");
  }

  @Test
  void two_files_of_which_each_trains_by_itself_are_two_jobs() {
    JobTexts.Text first = new JobTexts.Text("lf.yaml", LORA);
    JobTexts.Text second =
        new JobTexts.Text("axolotl.yml", "base_model: a/b\nadapter: lora\nmicro_batch_size: 1\n");
    JobTexts both = JobTexts.alone(List.of(first, second), Optional.empty());

    assertThatThrownBy(() -> both.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("axolotl.yml", "trains by itself", "lf.yaml", "one of them");
  }

  @Test
  void settings_of_a_program_of_its_own_are_no_job_document() throws IOException {
    Path file =
        Files.writeString(
            root.resolve("tune.yaml"),
            "model: {name: Qwen/Qwen2.5-7B}\ntraining: {per_device_train_batch_size: 2}\n");
    JobFile job = new JobFile(List.of(file), Optional.empty());

    assertThatThrownBy(() -> job.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is of no known format")
        .hasMessageContaining("the command that starts it");
  }

  @Test
  void a_program_loads_the_file_of_settings_that_lies_beside_it() throws IOException {
    Files.createDirectories(root.resolve("configs"));
    Files.writeString(
        root.resolve("configs/tune.yaml"), "model: {name: Qwen/Qwen2.5-7B}\nbatch: 3\n");
    Path program =
        Files.writeString(
            root.resolve("tune.py"),
            """
            import yaml
            from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
            CONFIG_PATH = "configs/tune.yaml"
            with open(CONFIG_PATH) as f:
                cfg = yaml.safe_load(f)
            model = AutoModelForCausalLM.from_pretrained(cfg["model"]["name"])
            args = TrainingArguments(per_device_train_batch_size=cfg["batch"])
            Trainer(model=model, args=args).train()
            """);

    JobDocument job = new JobFile(List.of(program), Optional.empty()).under(JobDocument.empty());

    assertThat(job.text(JobKey.MODEL_ID)).contains("Qwen/Qwen2.5-7B");
    assertThat(job.value(JobKey.MICRO_BATCH, Integer.class)).contains(3);
  }

  @Test
  void a_value_of_a_template_engine_is_named_and_not_what_yaml_makes_of_it() throws IOException {
    Path file =
        Files.writeString(
            root.resolve("tune.yaml"),
            "model:\n  _component_: torchtune.models.qwen2.lora_qwen2_0_5b\n"
                + "checkpointer:\n  checkpoint_dir: {{model_dir}}/a b\n");
    JobFile job = new JobFile(List.of(file), Optional.empty());

    assertThatThrownBy(() -> job.under(JobDocument.empty()))
        .hasMessageContaining(
            "'checkpoint_dir: {{model_dir}}/a b' is filled in by a template engine");
  }

  @Test
  void a_job_document_that_is_filled_in_says_so_too() throws IOException {
    Path file = Files.writeString(root.resolve("t.yaml"), "model:\n  id: {{model}}\n");
    JobFile job = new JobFile(List.of(file), Optional.empty());

    assertThatThrownBy(() -> job.under(JobDocument.empty()))
        .hasMessageContaining("t.yaml:2:7: 'id: {{model}}' is filled in by a template engine");
  }

  @ParameterizedTest
  @CsvSource({
    "8xH100, , 2, ''",
    "p4d.24xlarge, , 2, ''",
    "16xH100, , 2, ''",
    "8xA100, , 2, ''",
    "H100, 16, 2, ''",
    "H100, , 2, ''",
    "H100, 8, , 'not in 2, as hardware.count'",
    "1xH100, , , 'not in 2, as hardware.gpu'",
  })
  void the_machines_of_a_file_hold_the_gpus_that_flags_count_or_are_said_not_to(
      String gpu, Integer count, Integer nodes, String said) throws IOException {
    Path script =
        Files.writeString(
            root.resolve("train.sh"),
            "torchrun --nnodes 2 --nproc_per_node 8 train.py --model_name_or_path a/b"
                + " --max_length 512\n");
    JobDocument flags = JobDocument.empty().with(JobKey.GPU, gpu, new Place.Behind("--gpu"));
    if (count != null) {
      flags = flags.with(JobKey.GPU_COUNT, count, new Place.Behind("--count"));
    }

    JobDocument job = new JobFile(List.of(script), Optional.empty()).under(flags);

    assertThat(job.value(JobKey.NODES, Integer.class)).isEqualTo(Optional.ofNullable(nodes));
    String remarks =
        job.remarks().stream()
            .map(remark -> remark.notice().line(Words.DOCUMENT))
            .collect(Collectors.joining("; "));
    assertThat(remarks.contains("in one machine")).isEqualTo(nodes == null);
    assertThat(remarks).contains(said);
  }
}
