package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs say of a model as they load it, and whether it may cache keys and values. */
class LoadingArgumentsTest {

  private static final String TRAINS =
      """
      trainer = SFTTrainer(model=model, args=SFTConfig(max_length=512))
      trainer.train()
      """;

  private static final String LOADS =
      "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B')\n";

  /** modeling_auto.py has a class of its own for the language model of some. */
  @ParameterizedTest
  @CsvSource({
    "AutoModelForCausalLM, causal-lm",
    "AutoLigerKernelForCausalLM, causal-lm",
    "AutoModelForImageTextToText,"
  })
  void the_class_that_loads_a_model_decides_which_part_of_it_there_is(String by, String part) {
    String program = "model = %s.from_pretrained('Qwen/Qwen3.5-4B')".formatted(by);

    assertThat(values(of("train.py", program + '\n' + TRAINS)).get("model.class")).isEqualTo(part);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', use_cache=False)",
        LOADS + "model.config.use_cache = False",
        LOADS + "model.config.use_cache = True\nmodel.config.use_cache = False  # silences",
        "config = AutoConfig.from_pretrained('Qwen/Qwen3-4B')\nconfig.use_cache = False\n"
            + "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', config=config)"
      })
  void a_program_may_forbid_its_model_a_cache_of_keys_and_values(String program) {
    String again = "model.config.use_cache = True\nmodel.generate(**prompt)\n";

    assertThat(values(of("train.py", program + '\n' + TRAINS + again)))
        .containsEntry("model.use_cache", false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LOADS,
        LOADS + "# model.config.use_cache = False",
        LOADS + "if checkpoints():\n    model.config.use_cache = False",
        LOADS + "model.config.use_cache = False\nmodel.config.use_cache = True",
        LOADS + "judge.config.use_cache = False",
        LOADS + "model.generation_config.use_cache = False"
      })
  void a_program_that_forbids_no_cache_leaves_it_to_the_trainer(String program) {
    assertThat(values(of("train.py", program + '\n' + TRAINS)))
        .doesNotContainKey("model.use_cache");
  }

  @Test
  void a_pass_of_a_loop_of_ones_own_may_be_told_to_cache_nothing() {
    String program =
        """
        import torch
        from transformers import AutoModelForCausalLM
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        optimizer = torch.optim.AdamW(model.parameters())
        loader = DataLoader(rows, batch_size=2)
        for batch in loader:
            loss = model(**batch, use_cache=False).loss
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        """;

    assertThat(values(of("train.py", program))).containsEntry("model.use_cache", false);
    assertThat(values(of("train.py", program.replace(", use_cache=False", ""))))
        .containsEntry("batch.micro_batch", 2)
        .doesNotContainKey("model.use_cache");
  }

  /** transformers/quantizers/base.py get_modules_to_not_convert: a list takes the place of all. */
  @ParameterizedTest
  @CsvSource({
    "['lm_head'], false",
    "None, false",
    "'[\"lm_head\", \"down_proj\"]', true",
    "['vision_tower'], true"
  })
  void modules_beside_the_head_that_are_left_as_they_are_have_no_figure(
      String skipped, boolean refused) {
    String program =
        """
        bits = BitsAndBytesConfig(load_in_4bit=True, llm_int8_skip_modules=%s)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B", quantization_config=bits)
        model = get_peft_model(model, LoraConfig(r=8))
        """
            .formatted(skipped);

    assertThat(of("train.py", program + TRAINS).notModelled().isPresent()).isEqualTo(refused);
  }

  @Test
  void a_program_that_hands_a_trainer_arguments_of_a_model_loads_it_by_these() {
    String program =
        """
        from trl import ModelConfig, SFTConfig, SFTTrainer, get_peft_config
        model_config = ModelConfig(
            model_name_or_path="Qwen/Qwen3-4B", torch_dtype="bfloat16", use_peft=True,
            load_in_4bit=True)
        loads = dict(quantization_config=get_quantization_config(model_config))
        trainer = SFTTrainer(
            model=model_config.model_name_or_path,
            args=SFTConfig(max_length=512, model_init_kwargs=loads),
            peft_config=get_peft_config(model_config))
        trainer.train()
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("model.id", "Qwen/Qwen3-4B")
        .containsEntry("method", "qlora");
    String own = program.replace("model_name_or_path=\"", "name=\"");
    assertThat(values(of("train.py", own))).doesNotContainKey("model.id");
    String other = program.replace("load_in_4bit=True", "max_length=9000, load_in_4bit=True");
    assertThat(values(of("train.py", other))).containsEntry("batch.sequence_length", 512);
  }

  @Test
  void arguments_of_a_model_that_are_a_class_of_the_programs_own_are_not_those_of_trl() {
    String program =
        """
        from trl import SFTConfig, SFTTrainer
        class ModelConfig:
            load_in_4bit: bool = False
        judge = ModelConfig(model_name_or_path="Qwen/Qwen3-8B", load_in_4bit=True)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        trainer = SFTTrainer(model=model, args=SFTConfig(max_length=512))
        """;

    for (String own : List.of(program, program.replace("trl import", "trl import ModelConfig,"))) {
      assertThat(values(of("train.py", own)))
          .containsEntry("model.id", "Qwen/Qwen3-4B")
          .containsEntry("method", "full");
    }
  }
}
