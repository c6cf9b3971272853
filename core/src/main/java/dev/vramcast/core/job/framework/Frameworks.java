package dev.vramcast.core.job.framework;

import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Axolotl;
import dev.vramcast.core.job.framework.huggingface.DeepSpeed;
import dev.vramcast.core.job.framework.huggingface.FsdpQlora;
import dev.vramcast.core.job.framework.huggingface.LlamaFactory;
import dev.vramcast.core.job.framework.huggingface.LlamaRecipes;
import dev.vramcast.core.job.framework.huggingface.MsSwift;
import dev.vramcast.core.job.framework.huggingface.Peft;
import dev.vramcast.core.job.framework.huggingface.PlainLoop;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.framework.huggingface.Trl;
import dev.vramcast.core.job.framework.huggingface.TrlStages;
import dev.vramcast.core.job.framework.huggingface.Unsloth;
import dev.vramcast.core.job.framework.own.FmsFsdp;
import dev.vramcast.core.job.framework.own.InternEvo;
import dev.vramcast.core.job.framework.own.Litgpt;
import dev.vramcast.core.job.framework.own.LlmC;
import dev.vramcast.core.job.framework.own.LlmFoundry;
import dev.vramcast.core.job.framework.own.Llmq;
import dev.vramcast.core.job.framework.own.Megatron;
import dev.vramcast.core.job.framework.own.NemoAutomodel;
import dev.vramcast.core.job.framework.own.Surogate;
import dev.vramcast.core.job.framework.own.Torchtitan;
import dev.vramcast.core.job.framework.own.Torchtune;
import dev.vramcast.core.job.framework.rl.EasyR1;
import dev.vramcast.core.job.framework.rl.NemoRl;
import dev.vramcast.core.job.framework.rl.OpenInstruct;
import dev.vramcast.core.job.framework.rl.OpenRlhf;
import dev.vramcast.core.job.framework.rl.PrimeRl;
import dev.vramcast.core.job.framework.rl.Verl;
import dev.vramcast.core.job.rule.FrameworkRules;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The training frameworks whose rules are known. */
public final class Frameworks {

  private static final Map<String, FrameworkRules> RULES =
      index(
          TrlStages.TRANSFORMERS,
          Peft.RULES,
          DeepSpeed.RULES,
          Trl.RULES,
          Axolotl.RULES,
          LlamaFactory.RULES,
          MsSwift.RULES,
          Unsloth.RULES,
          LlamaRecipes.RULES,
          FsdpQlora.RULES,
          PlainLoop.RULES,
          Torchtune.RULES,
          Litgpt.RULES,
          Torchtitan.RULES,
          NemoAutomodel.RULES,
          LlmFoundry.RULES,
          FmsFsdp.RULES,
          Megatron.RULES,
          InternEvo.RULES,
          Llmq.RULES,
          Surogate.RULES,
          LlmC.RULES,
          Verl.RULES,
          EasyR1.RULES,
          OpenRlhf.RULES,
          NemoRl.RULES,
          PrimeRl.RULES,
          OpenInstruct.RULES);

  private Frameworks() {}

  /** Their names in alphabetical order. */
  public static List<String> names() {
    return RULES.keySet().stream().sorted().toList();
  }

  /** The rules under a name; those of Transformers when it is not known. */
  public static FrameworkRules rules(Optional<String> name) {
    return name.map(given -> find(given).orElse(Transformers.RULES)).orElse(TrlStages.UNNAMED);
  }

  /** The name as the table spells it; one that is not known stays as it is. */
  public static String canonical(String name) {
    return find(name).map(FrameworkRules::name).orElse(name);
  }

  /** A line for a name that is not known. */
  public static Optional<Notice> warning(JobDocument document) {
    return document
        .text(JobKey.FRAMEWORK_NAME)
        .filter(given -> find(given).isEmpty())
        .map(
            given ->
                Notice.of(
                        JobKey.FRAMEWORK_NAME,
                        " ",
                        Shown.given(given),
                        " is not known, the defaults of transformers are taken",
                        NearestName.hint(given, RULES.keySet()))
                    .at(document.place(JobKey.FRAMEWORK_NAME)));
  }

  /** The names of those whose code, at its newest, does something. */
  public static List<String> whose(Framework libraries, Predicate<FrameworkCode> does) {
    return names().stream()
        .filter(name -> find(name).map(rules -> does.test(rules.code(libraries))).orElse(false))
        .toList();
  }

  private static Optional<FrameworkRules> find(String name) {
    return Optional.ofNullable(RULES.get(name.toLowerCase(Locale.ROOT)));
  }

  private static Map<String, FrameworkRules> index(FrameworkRules... tables) {
    return Arrays.stream(tables)
        .collect(Collectors.toUnmodifiableMap(FrameworkRules::name, Function.identity()));
  }
}
