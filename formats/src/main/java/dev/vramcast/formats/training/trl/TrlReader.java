package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.llamarecipes.LlamaRecipesCommand;
import dev.vramcast.formats.training.run.OwnSections;
import dev.vramcast.formats.training.run.OwnTrainer;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.TrainerStep;
import dev.vramcast.formats.training.trl.others.ChineseAlpaca;
import dev.vramcast.formats.training.trl.others.Firefly;
import dev.vramcast.formats.training.trl.others.FsdpQlora;
import dev.vramcast.formats.training.trl.others.QloraArguments;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Arguments of scripts on transformers' Trainer: flat YAML or JSON, or the options of a command.
 *
 * @param name TRL, alignment-handbook, which is TRL with data mixtures, or the bare Trainer
 */
public record TrlReader(FormatName name) implements ConfigReader {

  /** The keys of TRL's configurations. */
  public static final KeyTable KEYS =
      KeyTable.of(TrlReader.class, "keys.tsv").over(TrainerStep.KEYS);

  private static final List<String> OF_HANDBOOK =
      List.of("dataset_mixture", "dataset_mixer", "dataset_splits");

  /** transformers/examples/pytorch/language-modeling. */
  private static final Pattern EXAMPLE =
      Pattern.compile("(.*/)?run_(clm|mlm|plm|fim|summarization|translation|seq2seq_qa)\\w*\\.py");

  /** {@code trl sft} and what it starts (trl/cli), which people start themselves too. */
  private static final Pattern COMMAND =
      Pattern.compile("trl|(?:.*/)?trl[./]scripts[./]\\w+(?:\\.py)?");

  private static final int OF_FIREFLY = 40;

  private static final List<String> OF_TRL =
      List.of(
          "use_peft",
          "lora_r",
          "max_length",
          "max_seq_length",
          "packing",
          "dataset_name",
          "lora_target_modules",
          "dtype",
          "accelerate_config",
          "use_peft_lora",
          "num_generations",
          "max_completion_length",
          "dataset_text_field",
          "max_prompt_length",
          "loss_type");

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    if (Programs.isOne(file, name == FormatName.TRANSFORMERS)) {
      return name == FormatName.ALIGNMENT_HANDBOOK ? Recognition.NONE : new Recognition(4);
    }
    boolean model =
        Stream.of("model_name_or_path", "model_name", OwnOptions.base(file))
            .flatMap(key -> file.node(key).stream())
            .anyMatch(named -> !(named instanceof Node.Fields));
    model &= !OwnSections.sectioned(file) && !OwnTrainer.generates(file);
    model &= !OwnTrainer.isOfResults(file, KEYS.knowsMost(file.root().fields().keySet()));
    if (file.form() == Form.PROGRAM || !model && !isTrlCommand(file) || OwnTrainer.isSilent(file)) {
      return Recognition.NONE;
    }
    boolean others =
        Stream.of(
                QloraArguments.isOne(file),
                ChineseAlpaca.isOne(file),
                FsdpQlora.isOne(file),
                LlamaRecipesCommand.isOne(file),
                EngineOptions.isOne(file) && !isTrlCommand(file))
            .anyMatch(known -> known);
    if (others) {
      return name == FormatName.TRANSFORMERS ? new Recognition(8) : Recognition.NONE;
    }
    if (Firefly.isOne(file)) {
      boolean bare = name == FormatName.TRANSFORMERS;
      boolean ours = name != FormatName.ALIGNMENT_HANDBOOK && bare == Firefly.isBare(file);
      return ours ? new Recognition(OF_FIREFLY) : Recognition.NONE;
    }
    return switch (name) {
      case ALIGNMENT_HANDBOOK ->
          OF_HANDBOOK.stream().anyMatch(file::has) ? new Recognition(9) : Recognition.NONE;
      case TRL ->
          isTrlCommand(file) || OF_TRL.stream().anyMatch(file::has) && !isExample(file)
              ? new Recognition(7)
              : Recognition.NONE;
      default -> new Recognition(3);
    };
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    if (FsdpQlora.isOne(given)) {
      return FsdpQlora.read(given);
    }
    if (LlamaRecipesCommand.isOne(given)) {
      return LlamaRecipesCommand.read(given);
    }
    return new TrlReading(name, given).read(siblings);
  }

  /** A program of Transformers' examples, which has some of these names too. */
  private static boolean isExample(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> EXAMPLE.matcher(word).matches());
  }

  private static boolean isTrlCommand(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> COMMAND.matcher(word).matches());
  }
}
