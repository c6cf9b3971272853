package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of programs of people's own that were read otherwise than they say. */
class FirstSightTest {

  private static final String KEYS =
      """
      model_name_or_path: Qwen/Qwen3-4B
      per_device_train_batch_size: 2
      max_length: 4096
      """;

  @Test
  void adapters_that_a_program_of_its_own_switches_on_are_trained() {
    String adapters = KEYS + "lora_r: 16\ntarget_modules: all-linear\n";

    assertThat(values(of("sft.yaml", adapters + "peft_enabled: true\n")))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("all-linear"));
    assertThat(values(of("sft.yaml", adapters + "peft_enabled: false\n")))
        .containsEntry("method", "full");
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2_dpo_config.yaml, dpo",
    "recipes/KTO.yaml, kto",
    "config-orpo-full.yml, orpo",
  })
  void the_name_of_a_file_that_says_nothing_tells_the_stage(String name, String stage) {
    Reading reading = of(name, KEYS);

    assertThat(values(reading)).containsEntry("objective.stage", stage);
    assertThat(keys(reading, FindingCode.NOT_FOLLOWED)).contains("objective.stage");
  }

  @ParameterizedTest
  @CsvSource({"sft_before_dpo.yaml", "adpo.yaml", "dpo/config.yaml", "sft.yaml", "gold.yaml"})
  void a_name_that_does_not_tell_one_stage_alone_tells_none(String name) {
    assertThat(values(of(name, KEYS))).doesNotContainKey("objective.stage");
  }

  @Test
  void what_the_file_says_is_over_its_name() {
    Reading reading = of("dpo.yaml", KEYS + "num_generations: 4\n");

    assertThat(values(reading)).containsEntry("objective.stage", "grpo");
    assertThat(keys(reading, FindingCode.NOT_FOLLOWED)).doesNotContain("objective.stage");
  }

  @Test
  void an_optimizer_that_the_program_makes_itself_is_told_of() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("a/b", torch_dtype=torch.bfloat16)
        args = TrainingArguments(output_dir="o", per_device_train_batch_size=1)
        trainer = SFTTrainer(model=model, args=args%s)
        trainer.train()
        """;
    Reading own = of("train.py", program.formatted(", optimizers=(make(model), None)"));

    assertThat(keys(own, FindingCode.NOT_COUNTED)).contains("optimizers");
    assertThat(keys(of("train.py", program.formatted("")), FindingCode.NOT_COUNTED))
        .doesNotContain("optimizers");
  }

  @Test
  void a_model_that_is_downloaded_first_is_known_by_what_is_downloaded() {
    String program =
        """
        from modelscope import snapshot_download
        NAME = "Qwen/Qwen2.5-0.5B"
        folder = snapshot_download(model_id=NAME, cache_dir="./cache")
        model = AutoModelForCausalLM.from_pretrained(folder)
        trainer = SFTTrainer(model=model, args=SFTConfig(output_dir="o"))
        """;
    assertThat(values(of("train.py", program))).containsEntry("model.id", "Qwen/Qwen2.5-0.5B");
  }

  @Test
  void the_reference_has_the_dtype_of_a_model_that_the_program_loads() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained("a/b")
        trainer = DPOTrainer(model=model, args=DPOConfig(output_dir="o"))
        """;
    assertThat(keys(of("train.py", program), FindingCode.SURPRISING_DEFAULT))
        .doesNotContain("dtype");
    assertThat(of("train.py", program.replace("=model,", "='a/b',").split("\n", 2)[1]).findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.toString().contains("the reference is in float32 too"));
  }

  @Test
  void what_a_program_prepares_and_cuts_itself_holds_under_a_trainer_of_trl() {
    String program =
        """
        tokenizer = AutoTokenizer.from_pretrained("a/b")
        tokenizer.model_max_length = 384
        rows = tokenizer(
            text, truncation=True, max_length=tokenizer.model_max_length, padding="max_length")
        bnb = BitsAndBytesConfig(load_in_4bit=True)
        model = AutoModelForCausalLM.from_pretrained("a/b", quantization_config=bnb)
        model = prepare_model_for_kbit_training(model)
        model = get_peft_model(model, LoraConfig(r=8))
        SFTTrainer(model=model, args=SFTConfig(output_dir="o"), train_dataset=rows).train()
        """;
    assertThat(values(of("train.py", program)))
        .containsEntry("lora.kbit_prepare", true)
        .containsEntry("batch.sequence_length", 384);
    assertThat(values(of("train.py", program.replace("\"o\"", "\"o\", max_length=256"))))
        .containsEntry("batch.sequence_length", 256);
  }

  @Test
  void the_engine_computes_in_what_its_file_says_where_the_command_says_nothing() {
    String engine = "{\"bf16\": {\"enabled\": %s}, \"zero_optimization\": {\"stage\": 2}}";
    String command =
        "deepspeed --num_gpus 8 own/tune.py --model_name_or_path a/b --deepspeed_config ds.json"
            + " --per_device_train_batch_size 2";
    Function<String, Reading> read =
        on ->
            TrainingFiles.read(
                List.of(TrainingText.of(command + "\n", "run.sh")),
                Optional.empty(),
                path ->
                    Optional.of(path)
                        .filter("ds.json"::equals)
                        .map(name -> TrainingText.of(engine.formatted(on), name)));

    assertThat(values(read.apply("true"))).containsEntry("precision", "bf16-mixed");
    assertThat(keys(read.apply("true"), FindingCode.CONTRADICTION)).contains("bf16.enabled");
    assertThat(values(read.apply("false"))).doesNotContainEntry("precision", "bf16-mixed");
  }

  @Test
  void an_engine_in_bf16_agrees_with_trl_which_turns_it_on_itself() {
    TrainingFile engine =
        TrainingText.of(
            "{\"bf16\": {\"enabled\": true}, \"zero_optimization\": {\"stage\": 2}}", "ds.json");
    String command = "trl grpo --model_name_or_path a/b --dtype bfloat16 --deepspeed ds.json\n";
    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of(command, "run.sh")),
            Optional.empty(),
            path -> Optional.of(engine));

    assertThat(keys(reading, FindingCode.CONTRADICTION)).isEmpty();
  }

  private static final String PREPARED =
      """
      model = AutoModelForCausalLM.from_pretrained("a/%s", torch_dtype=torch.bfloat16)
      model = prepare_model_for_kbit_training(model)
      model = get_peft_model(model, LoraConfig(r=8, target_modules=["all-linear", "q_proj"]))
      args = TrainingArguments(output_dir="o", bf16=True)
      trainer = Trainer(model=model, args=args)
      trainer.train()
      """;

  @Test
  void a_base_that_is_prepared_and_not_quantised_is_made_fp32() {
    Reading reading = of("train.py", PREPARED.formatted("b"));

    assertThat(values(reading))
        .containsEntry("model.dtype", "fp32")
        .containsEntry("method", "lora");
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .contains("prepare_model_for_kbit_training");
    assertThat(values(of("train.py", PREPARED.formatted("b-GPTQ"))))
        .containsEntry("model.dtype", "bf16");
  }

  @Test
  void all_linear_in_a_list_of_a_program_is_a_name_like_others() {
    String program = PREPARED.formatted("b");

    assertThat(values(of("train.py", program))).containsEntry("lora.targets", List.of("q_proj"));
    assertThat(
            values(of("train.py", program.replace("[\"all-linear\", \"q_proj\"]", "'all-linear'"))))
        .containsEntry("lora.targets", List.of("all-linear"));
  }

  private static final String CHINESE =
      """
      torchrun --nproc_per_node 2 run_clm_pt_with_peft.py --model_name_or_path a/b \\
        --dataset_dir d --fp16 --torch_dtype float16 --block_size 512 --lora_rank 64 \\
        --trainable q_proj,v_proj,o_proj --modules_to_save embed_tokens,lm_head \\
        --gradient_checkpointing --per_device_train_batch_size 1""";

  @Test
  void programs_of_chinese_alpaca_train_adapters_and_what_they_save_beside() {
    Reading reading = of("run.sh", CHINESE);

    assertThat(reading.format()).isEqualTo(FormatName.TRANSFORMERS);
    assertThat(values(reading))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 64)
        .containsEntry("lora.alpha", 32L)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj", "o_proj"))
        .containsEntry("lora.modules_to_save", List.of("embed_tokens", "lm_head"))
        .containsEntry("batch.sequence_length", 512)
        .containsEntry("model.dtype", "fp16")
        .containsEntry("checkpointing", "full");
  }

  @Test
  void their_bits_quantise_the_base_and_full_training_has_no_adapters() {
    assertThat(values(of("run.sh", CHINESE + " --load_in_kbits 4")))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", true);
    assertThat(values(of("run.sh", CHINESE + " --load_in_kbits 4 --double_quant False")))
        .containsEntry("model.quantization.double_quant", false);
    assertThat(values(of("run.sh", CHINESE + " --load_in_kbits 16")))
        .containsEntry("method", "lora");
    assertThat(values(of("run.sh", CHINESE + " --full_finetuning True")))
        .containsEntry("method", "full");
  }

  @ParameterizedTest
  @CsvSource({"full_shard auto_wrap, false", "full_shard, true"})
  void layers_are_wrapped_where_the_options_ask_for_it(String words, boolean told) {
    String command =
        "torchrun --nproc_per_node 2 train.py --model_name_or_path a/b --fsdp \"" + words + "\"";

    assertThat(of("run.sh", command + " --fsdp_transformer_layer_cls_to_wrap L").findings())
        .extracting(Finding::message)
        .matches(
            all ->
                told
                    == all.stream()
                        .anyMatch(message -> message.toString().contains("gathered at once")));
  }

  @Test
  void settings_of_what_a_trained_model_writes_are_no_training() {
    String settings =
        "model_name_or_path: Qwen/Qwen3-4B\n"
            + "inference:\n  eval_batch_size: 4\n"
            + "generation:\n  max_new_tokens: 256\n  temperature: 0.0\n";

    assertThat(TrainingFiles.formatOf(TrainingText.of(settings, "eval.yaml"))).isEmpty();
    assertThat(
            TrainingFiles.formatOf(TrainingText.of(settings + "learning_rate: 1e-4\n", "sft.yaml")))
        .contains(FormatName.TRANSFORMERS);
  }
}
