package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainers that a program, which is read by its options, imports in the place of TRL's. */
class OtherTrainersTest {

  /** Columns: what the program imports, what it does with it, whether a line is said. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from mine import PairTrainer | trainer = PairTrainer(model) | true",
        "from mine import PairTrainer | kind = PairTrainer | true",
        "from mine import PairTrainer | print('no trainer is made of it') | false",
        "from callbacks import SaveTrainerStateCallback | use(SaveTrainerStateCallback()) | false",
        "from utils.cfg import TrainerConfig | cfg = TrainerConfig() | false",
        "from setfit import SetFitTrainer | trainer = SetFitTrainer(model) | false",
        "from swift.trainers import DPOTrainer | trainer = DPOTrainer(model) | false",
      })
  void a_trainer_of_another_module_is_one_that_the_program_uses(
      String imported, String use, boolean said) {
    String program =
        "from trl import SFTTrainer, SFTConfig, TrlParser, ModelConfig, ScriptArguments\n"
            + imported
            + "\nparser = TrlParser((ScriptArguments, SFTConfig, ModelConfig))\n"
            + "script_args, training_args, model_args = parser.parse_args_and_config()\n"
            + use
            + "\nSFTTrainer(model=model_args.model_name_or_path, args=training_args).train()\n";
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "python train.py --model_name_or_path a/b --max_length 512\n", "run.sh")),
            Optional.empty(),
            path -> Optional.of(TrainingText.of(program, path)));

    assertThat(
            reading.findings().stream()
                .anyMatch(one -> one.message().toString().contains("is a trainer of another")))
        .isEqualTo(said);
  }
}
