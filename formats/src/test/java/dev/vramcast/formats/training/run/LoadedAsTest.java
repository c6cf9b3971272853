package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command's program may load its model in a dtype of its own. */
class LoadedAsTest {

  private static final String PROGRAM =
      """
      from trl import ModelConfig, SFTConfig, SFTTrainer, TrlParser
      args, model_args = TrlParser((SFTConfig, ModelConfig)).parse_args_and_config()
      loads = dict(revision=model_args.model_revision, torch_dtype=torch.bfloat16)
      model = AutoModelForCausalLM.from_pretrained(model_args.model_name_or_path, **loads)
      SFTTrainer(model=model, args=args).train()
      """;

  private static final String COMMAND =
      "torchrun --nproc_per_node 8 sft.py --model_name_or_path a/b --max_length 64 --bf16 ";

  /** What a script and the program that it starts say together. */
  static Object dtype(String script, String name, String program) {
    return value(
        TrainingFiles.read(
            List.of(TrainingText.of(script, "run.sh")),
            Optional.empty(),
            path -> Optional.of(TrainingText.of(program, name)).filter(file -> path.equals(name))),
        JobKey.MODEL_DTYPE);
  }

  private static Object dtype(String options, String program) {
    return value(reading(options, program), JobKey.MODEL_DTYPE);
  }

  private static Reading reading(String options, String program) {
    return TrainingFiles.read(
        List.of(TrainingText.of(COMMAND + options + "\n", "run.sh")),
        Optional.empty(),
        path ->
            Optional.of(TrainingText.of(program, "sft.py")).filter(file -> path.equals("sft.py")));
  }

  @Test
  void what_is_written_in_the_program_wins() {
    assertThat(dtype("", PROGRAM)).isEqualTo("bf16");
    assertThat(dtype("--torch_dtype float32", PROGRAM)).isEqualTo("bf16");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"bfloat16\"',bf16",
    "torch.half,fp16",
    "'\"half\"',fp16",
    "torch.float,fp32",
    "'\"auto\"',auto",
  })
  void so_it_does_in_every_spelling(String written, String dtype) {
    String program = PROGRAM.replace("torch.bfloat16", written);
    String other = dtype.equals("fp32") ? "float16" : "float32";

    assertThat(dtype("--torch_dtype " + other, program)).isEqualTo(dtype);
  }

  @Test
  void the_first_of_two_that_are_written_is_taken_and_said() {
    String program =
        PROGRAM.replace("torch.bfloat16", "torch.bfloat16 if small else torch.float32");
    Reading reading = reading("--torch_dtype float32", program);

    assertThat(value(reading, JobKey.MODEL_DTYPE)).isEqualTo("bf16");
    assertThat(reading.findings())
        .anyMatch(
            found ->
                found.file().equals("sft.py")
                    && found.message().toString().contains("is bfloat16 if small, which is"));
  }

  @Test
  void what_it_hands_on_is_that_of_the_command() {
    String hands = PROGRAM.replace("torch.bfloat16", "model_args.torch_dtype");

    assertThat(dtype("", hands)).isNull();
    String asks =
        PROGRAM.replace(
            "torch.bfloat16",
            "model_args.torch_dtype if model_args.torch_dtype in ['auto', None]"
                + " else getattr(torch, model_args.torch_dtype)");
    assertThat(dtype("--torch_dtype float16", asks)).isEqualTo("fp16");
    assertThat(dtype("--torch_dtype float16", hands)).isEqualTo("fp16");
  }

  @Test
  void a_model_beside_the_one_that_a_trainer_has_the_name_of_tells_nothing() {
    String named = PROGRAM.replace("model=model,", "model=model_args.model_name_or_path,");

    assertThat(dtype("", named)).isNull();
  }
}
