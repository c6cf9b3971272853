package dev.vramcast.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directions between packages: a new arrow is a decision, and not an accident. */
@AnalyzeClasses(
    packages = ArchitectureTest.CORE,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  static final String CORE = "dev.vramcast.core";

  /** Tells the compiler where null may be; nobody reads it while the program runs. */
  private static final String NULLNESS = "org.jspecify.annotations";

  /** From top to bottom: a package may use those behind it. */
  private static final List<String> ORDER =
      List.of(
          "plan",
          "plan.machine",
          "plan.search",
          "plan.setting",
          "fit",
          "calibration",
          "cost",
          "life",
          "life.file",
          "time",
          "time.rate",
          "time.work",
          "range",
          "rule",
          "run",
          "run.check",
          "run.outside",
          "megatron",
          "megatron.layer",
          "step",
          "step.pipeline",
          "step.optimizer",
          "step.stack",
          "module",
          "module.vision.projector",
          "module.vision",
          "module.head.place",
          "module.head",
          "module.experts",
          "module.mixer",
          "module.attention",
          "module.compress",
          "module.stream",
          "module.part",
          "module.engine",
          "module.linear.tuner",
          "module.linear",
          "code",
          "shard.zero",
          "shard.zero.gather",
          "shard.fsdp",
          "shard",
          "autograd.sequence",
          "autograd.loss",
          "autograd.weight",
          "autograd.op",
          "autograd",
          "trace.replay",
          "trace.replay.program",
          "trace",
          "allocator.flat",
          "allocator",
          "run.stage",
          "run.episode",
          "job.resolve",
          "job.resolve.stage",
          "job.framework",
          "job.framework.rl",
          "job.framework.own",
          "job.framework.huggingface",
          "job.rule",
          "job.document",
          "job.value",
          "job",
          "job.code",
          "job.objective",
          "job.option",
          "job.option.layer",
          "data",
          "architecture.family",
          "architecture.family.sparse",
          "architecture.family.hybrid",
          "architecture.family.gpt",
          "architecture.family.seq2seq",
          "architecture.family.sound",
          "architecture.family.vision.sized",
          "architecture.family.vision",
          "architecture.family.text",
          "architecture.family.build",
          "architecture",
          "architecture.vision",
          "architecture.mixer",
          "architecture.mlp",
          "architecture.tensor",
          "architecture.traits",
          "market",
          "hardware",
          "input",
          "units");

  /** Files of a package, its description among them, below which it has to say why it is one. */
  private static final int FEW = 5;

  /** Packages of fewer files, and why they are rooms of their own. */
  private static final Map<String, String> SMALL =
      Map.of(
          "architecture.family.seq2seq", "families whose layers read an encoder, as no others do",
          "module.head.place", "generation at many places of a text, where one stage alone is",
          "step.optimizer", "what one more optimizer is added to",
          "step.pipeline", "the order of torch.distributed.pipelining, asked by memory and time");

  @ArchTest
  void only_calculations_are_used_of_java(JavaClasses core) {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            CORE + "..",
            "java.lang",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.math",
            "java.time",
            "java.time.format",
            "java.time.temporal",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            NULLNESS)
        .because("core reads no files, no network and no clock, and logs nothing")
        .check(core);
  }

  @ArchTest
  void no_clock_and_no_surroundings_are_read(JavaClasses core) {
    Set<String> harmless = Set.of("arraycopy", "identityHashCode");
    noClasses()
        .should()
        .accessTargetWhere(
            describe(
                "the system is asked",
                (JavaAccess<?> access) ->
                    access.getTargetOwner().isEquivalentTo(System.class)
                        && !harmless.contains(access.getTarget().getName())))
        .check(core);
    noClasses()
        .should()
        .accessTargetWhere(
            describe(
                "the clock is read",
                (JavaAccess<?> access) ->
                    access.getTargetOwner().getPackageName().startsWith("java.time")
                        && access.getTarget().getName().equals("now")))
        .check(core);
  }

  @ArchTest
  void packages_use_only_what_lies_below_them(JavaClasses core) {
    for (int i = 0; i < ORDER.size(); i++) {
      Stream<String> below = ORDER.subList(i, ORDER.size()).stream().map(name -> CORE + "." + name);
      classes()
          .that()
          .resideInAPackage(CORE + "." + ORDER.get(i))
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              Stream.concat(Stream.of("java..", NULLNESS), below).toArray(String[]::new))
          .check(core);
    }
  }

  @ArchTest
  void a_package_of_few_files_says_why_it_is_one(JavaClasses core) {
    Map<String, Long> files =
        core.stream()
            .filter(type -> type.isTopLevelClass() && !type.getPackageName().equals(CORE))
            .collect(
                Collectors.groupingBy(
                    type -> type.getPackageName().substring(CORE.length() + 1),
                    Collectors.counting()));

    assertThat(files.keySet().stream().filter(name -> files.get(name) < FEW))
        .containsExactlyInAnyOrderElementsOf(SMALL.keySet());
  }

  @ArchTest
  void every_package_has_its_place_in_the_order(JavaClasses core) {
    Set<String> packages =
        core.stream()
            .map(type -> type.getPackageName())
            .filter(name -> !name.equals(CORE))
            .map(name -> name.substring(CORE.length() + 1))
            .collect(Collectors.toSet());

    assertThat(packages).containsExactlyInAnyOrderElementsOf(ORDER);
  }
}
