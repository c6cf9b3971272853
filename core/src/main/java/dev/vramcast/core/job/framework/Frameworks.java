package dev.vramcast.core.job.framework;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Accelerate;
import dev.vramcast.core.job.framework.huggingface.ArcticTraining;
import dev.vramcast.core.job.framework.huggingface.Axolotl;
import dev.vramcast.core.job.framework.huggingface.ColossalAi;
import dev.vramcast.core.job.framework.huggingface.DeepSpeed;
import dev.vramcast.core.job.framework.huggingface.FsdpQlora;
import dev.vramcast.core.job.framework.huggingface.LlamaFactory;
import dev.vramcast.core.job.framework.huggingface.LlamaRecipes;
import dev.vramcast.core.job.framework.huggingface.MsSwift;
import dev.vramcast.core.job.framework.huggingface.Peft;
import dev.vramcast.core.job.framework.huggingface.PlainLoop;
import dev.vramcast.core.job.framework.huggingface.SentenceTransformers;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.framework.huggingface.Trl;
import dev.vramcast.core.job.framework.huggingface.TrlStages;
import dev.vramcast.core.job.framework.huggingface.Unsloth;
import dev.vramcast.core.job.framework.own.FmsFsdp;
import dev.vramcast.core.job.framework.own.InternEvo;
import dev.vramcast.core.job.framework.own.LightningThunder;
import dev.vramcast.core.job.framework.own.Litgpt;
import dev.vramcast.core.job.framework.own.LlmC;
import dev.vramcast.core.job.framework.own.LlmFoundry;
import dev.vramcast.core.job.framework.own.Llmq;
import dev.vramcast.core.job.framework.own.McoreAdapter;
import dev.vramcast.core.job.framework.own.Megatron;
import dev.vramcast.core.job.framework.own.MegatronSwift;
import dev.vramcast.core.job.framework.own.Nanotron;
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
import dev.vramcast.core.job.framework.rl.VerlSft;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The training frameworks whose rules are known. */
public final class Frameworks {

  /** By name; those of one are made when a job first names it. */
  private static final Map<String, Supplier<FrameworkRules>> RULES =
      Map.ofEntries(
          Map.entry("transformers", () -> TrlStages.TRANSFORMERS),
          Map.entry("accelerate", () -> Accelerate.RULES),
          Map.entry("peft", () -> Peft.RULES),
          Map.entry("deepspeed", () -> DeepSpeed.RULES),
          Map.entry("arctictraining", () -> ArcticTraining.RULES),
          Map.entry("colossalai", () -> ColossalAi.RULES),
          Map.entry("trl", () -> Trl.RULES),
          Map.entry("axolotl", () -> Axolotl.RULES),
          Map.entry("llama-factory", () -> LlamaFactory.RULES),
          Map.entry("ms-swift", () -> MsSwift.RULES),
          Map.entry("unsloth", () -> Unsloth.RULES),
          Map.entry("sentence-transformers", () -> SentenceTransformers.RULES),
          Map.entry("llama-recipes", () -> LlamaRecipes.RULES),
          Map.entry("fsdp_qlora", () -> FsdpQlora.RULES),
          Map.entry("pytorch", () -> PlainLoop.RULES),
          Map.entry("transformers-loop", () -> PlainLoop.OF_MODEL),
          Map.entry("torchtune", () -> Torchtune.RULES),
          Map.entry("litgpt", () -> Litgpt.RULES),
          Map.entry("lightning-thunder", () -> LightningThunder.RULES),
          Map.entry("torchtitan", () -> Torchtitan.RULES),
          Map.entry("nemo-automodel", () -> NemoAutomodel.RULES),
          Map.entry("llm-foundry", () -> LlmFoundry.RULES),
          Map.entry("fms-fsdp", () -> FmsFsdp.RULES),
          Map.entry("megatron", () -> Megatron.RULES),
          Map.entry("megatron-swift", () -> MegatronSwift.RULES),
          Map.entry("mcore-adapter", () -> McoreAdapter.RULES),
          Map.entry("nanotron", () -> Nanotron.RULES),
          Map.entry("internevo", () -> InternEvo.RULES),
          Map.entry("llmq", () -> Llmq.RULES),
          Map.entry("surogate", () -> Surogate.RULES),
          Map.entry("llm.c", () -> LlmC.RULES),
          Map.entry("verl", () -> Verl.RULES),
          Map.entry("verl-sft", () -> VerlSft.RULES),
          Map.entry("easyr1", () -> EasyR1.RULES),
          Map.entry("openrlhf", () -> OpenRlhf.RULES),
          Map.entry("nemo-rl", () -> NemoRl.RULES),
          Map.entry("prime-rl", () -> PrimeRl.RULES),
          Map.entry("open-instruct", () -> OpenInstruct.RULES));

  /** Frameworks that train on Megatron-Core by code of their own, and the name of that code. */
  private static final Map<String, String> ON_MEGATRON =
      Map.of("ms-swift", "megatron-swift", "llama-factory", "mcore-adapter");

  /** Those whose arrays are MLX's, on Apple silicon. */
  private static final Set<String> ON_MLX = Set.of("mlx", "mlxlm", "mlxvlm");

  /** Below which another name is not a slip, as trlx is none of trl. */
  private static final int LEAST_LETTERS = 5;

  private Frameworks() {}

  /** Their names in alphabetical order. */
  public static List<String> names() {
    return RULES.keySet().stream().sorted().toList();
  }

  /**
   * The name of the code that runs: {@code megatron sft} is not {@code swift sft}, though both are
   * ms-swift's.
   */
  public static String running(JobDocument document, String name) {
    boolean isMegatron =
        document
            .value(JobKey.STRATEGY, Strategy.class)
            .filter(Strategy.MEGATRON::equals)
            .isPresent();
    String canonical = canonical(name);
    return isMegatron ? ON_MEGATRON.getOrDefault(canonical, canonical) : canonical;
  }

  /** The rules under a name; those of Transformers when it is not known. */
  public static FrameworkRules rules(Optional<String> name) {
    return name.map(given -> find(given).orElse(Transformers.RULES)).orElse(TrlStages.UNNAMED);
  }

  /** The name as the table spells it; one that is not known stays as it is. */
  public static String canonical(String name) {
    return find(name).map(FrameworkRules::name).orElse(name);
  }

  /**
   * Checks the name that a document gives.
   *
   * @return a line where it is not known
   * @throws dev.vramcast.core.input.InputException where it is a slip of one that is
   * @throws dev.vramcast.core.input.UnsupportedJobException where it does not train by PyTorch
   */
  public static Optional<Notice> check(JobDocument document) {
    Optional<String> unknown =
        document.text(JobKey.FRAMEWORK_NAME).filter(given -> find(given).isEmpty());
    unknown.ifPresent(given -> refuse(given, document));
    return unknown.map(
        given ->
            Notice.of(
                    JobKey.FRAMEWORK_NAME,
                    " ",
                    Shown.given(given),
                    " is not known, the defaults of transformers are taken",
                    NearestName.hint(given, RULES.keySet()))
                .at(document.place(JobKey.FRAMEWORK_NAME)));
  }

  /** What trains without PyTorch, and slips. */
  private static void refuse(String unknown, JobDocument document) {
    if (ON_MLX.contains(plain(unknown.toLowerCase(Locale.ROOT)))) {
      throw Gap.value(JobKey.FRAMEWORK_NAME, unknown)
          .needs("what MLX keeps in unified memory, and when it frees it")
          .refusal();
    }
    Optional<String> meant = NearestName.oneLetterOff(unknown, names());
    if (meant.isPresent() && unknown.length() >= LEAST_LETTERS) {
      throw InputError.about(JobKey.FRAMEWORK_NAME)
          .is(unknown)
          .at(document.place(JobKey.FRAMEWORK_NAME))
          .nearest(meant)
          .kind(ErrorKind.UNKNOWN)
          .refusal();
    }
  }

  /** Whether the rules of a name are known. */
  public static boolean isKnown(String name) {
    return find(name).isPresent();
  }

  /** The names of those whose code, at its newest, does something. */
  public static List<String> whose(Framework libraries, Predicate<FrameworkCode> does) {
    return names().stream()
        .filter(name -> find(name).map(rules -> does.test(rules.code(libraries))).orElse(false))
        .toList();
  }

  private static Optional<FrameworkRules> find(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(RULES.get(lower)).or(() -> spelt(plain(lower))).map(Supplier::get);
  }

  /** People write LLaMA Factory, llamafactory and llama_factory. */
  private static Optional<Supplier<FrameworkRules>> spelt(String plain) {
    return RULES.entrySet().stream()
        .filter(entry -> plain(entry.getKey()).equals(plain))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static String plain(String name) {
    return name.replaceAll("[-_. ]", "");
  }
}
