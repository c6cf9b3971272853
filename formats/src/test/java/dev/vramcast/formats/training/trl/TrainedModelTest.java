package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several models that a program loads is trained. */
class TrainedModelTest {

  private static final String TWO =
      """
      teacher = AutoModelForCausalLM.from_pretrained("big/teacher", dtype=torch.bfloat16)
      student = AutoModelForCausalLM.from_pretrained("small/student", dtype=torch.bfloat16)
      args = SFTConfig(output_dir="o", max_length=64)
      """;

  private static Object model(String program) {
    return value(of("a.py", program), JobKey.MODEL_ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainer = SFTTrainer(model=student, args=args)",
        "trainer = SFTTrainer(student, args)",
        "trainer = SFTTrainer(args=args, model=student)",
        "student = get_peft_model(student, LoraConfig(r=8))\ntrainer = SFTTrainer(student, args)",
        "base = prepare(student, 8)\ntrainer = SFTTrainer(base, args)",
        "model = get_peft_model(student, LoraConfig(r=8))\ntrainer = SFTTrainer(model, args)",
      })
  void the_one_that_a_trainer_or_adapters_are_given(String trainer) {
    String program = TWO + trainer + "\ntrainer.train()\n";

    assertThat(model(program)).isEqualTo("small/student");
    assertThat(model(program.replace("student,", "teacher,")))
        .isEqualTo(program.contains("student,") ? "big/teacher" : "small/student");
  }

  @Test
  void the_first_of_a_pair_of_results_is_a_model() {
    String program =
        """
        judge, _ = FastLanguageModel.from_pretrained("big/judge", load_in_4bit=True)
        model, tokenizer = FastLanguageModel.from_pretrained("small/model", load_in_4bit=False)
        model = FastLanguageModel.get_peft_model(model, r=8)
        SFTTrainer(model=model, args=SFTConfig(max_length=64)).train()
        """;

    assertThat(model(program)).isEqualTo("small/model");
    assertThat(value(of("a.py", program), JobKey.METHOD)).isEqualTo("lora");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainer = trl.SFTTrainer(student, args)",
        "student = student.to('cuda')\ntrainer = SFTTrainer(student, args)",
        "trainer = GRPOTrainer(model='small/student', args=GRPOConfig(max_completion_length=64))",
      })
  void however_it_is_given(String trainer) {
    String program = TWO + trainer + "\ntrainer.train()\n";
    assertThat(model(program)).isEqualTo("small/student");
  }

  @Test
  void what_a_function_loads_for_it() {
    String program =
        """
        def load_judge():
            model = AutoModelForCausalLM.from_pretrained("big/judge")
            return model

        def load_policy(name):
            model = AutoModelForCausalLM.from_pretrained("small/policy")
            return model

        class Run:
            def run(self):
                judge = load_judge()
                self.model = load_policy(1)
                trainer = SFTTrainer(model=self.model, args=SFTConfig(max_length=64))
                trainer.train()
        """;
    assertThat(model(program)).isEqualTo("small/policy");
  }

  @Test
  void the_first_where_nothing_tells() {
    assertThat(model(TWO + "SFTTrainer(wrap(student), args).train()\n")).isEqualTo("big/teacher");
  }

  @Test
  void names_of_one_function_are_not_those_of_another() {
    String program =
        """
        def load_tiny(name):
            model = AutoModelForCausalLM.from_pretrained(name)
            return model

        def load_policy(name):
            model = AutoModelForCausalLM.from_pretrained(name, torch_dtype=torch.bfloat16)
            model = prepare_model_for_kbit_training(model)
            return model

        def adapted(model, tiny):
            return get_peft_model(model, LoraConfig(r=16))

        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--smoke", action="store_true")
            parser.add_argument("--base", default="Qwen/Qwen3-8B")
            args = parser.parse_args()
            if args.smoke:
                used = "tiny/one"
                model = load_tiny(used)
            else:
                used = args.base
                model = load_policy(used)
            model = adapted(model, tiny=False)
            Trainer(model=model, args=TrainingArguments(output_dir="o")).train()
        """;
    assertThat(model(program)).isEqualTo("Qwen/Qwen3-8B");
  }
}
