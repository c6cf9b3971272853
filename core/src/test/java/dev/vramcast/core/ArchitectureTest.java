package dev.vramcast.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.architecture.Families;
import dev.vramcast.core.architecture.family.FamilyTable;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directions between packages: a new arrow is a decision, and not an accident. */
@AnalyzeClasses(
    packages = ArchitectureTest.CORE,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  static final String CORE = "dev.vramcast.core";

  /** What each package may use beside itself. */
  private static final Map<String, Set<String>> ARROWS =
      arrows(
          "units ->",
          "input ->",
          "hardware ->",
          "market -> hardware",
          "architecture -> architecture.family input units",
          "architecture.family -> architecture input units",
          "data ->",
          "job -> data input units",
          "worstbatch -> data",
          "memory -> memory.step memory.megatron memory.slice memory.shard memory.allocator"
              + " memory.tape"
              + " architecture hardware input job units",
          "memory.step -> memory.shard memory.autograd memory.tape architecture input job units",
          "memory.megatron -> memory.slice memory.autograd memory.tape"
              + " architecture hardware input job units",
          "memory.slice -> architecture input job",
          "memory.shard -> memory.autograd memory.tape job units",
          "memory.autograd -> memory.tape units",
          "memory.allocator -> memory.tape input job units",
          "memory.tape -> units",
          "memory.range -> job",
          "memory.rule -> input job units",
          "time -> architecture hardware input job units",
          "cost -> hardware input job market time units",
          "calibration -> memory memory.tape architecture hardware input job",
          "fit -> calibration memory memory.range time architecture hardware input job",
          "plan -> fit memory memory.range time cost market"
              + " architecture hardware input job units");

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
            "java.util.stream")
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
    ARROWS.forEach(
        (name, used) -> {
          Stream<String> own = Stream.of(CORE + "." + name, "java..");
          String[] allowed =
              Stream.concat(own, used.stream().map(other -> CORE + "." + other))
                  .toArray(String[]::new);
          classes()
              .that()
              .resideInAPackage(CORE + "." + name)
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(allowed)
              .check(core);
        });
  }

  @ArchTest
  void every_package_has_its_arrows(JavaClasses core) {
    Set<String> packages =
        core.stream()
            .map(type -> type.getPackageName())
            .filter(name -> !name.equals(CORE))
            .map(name -> name.substring(CORE.length() + 1))
            .collect(Collectors.toSet());

    assertThat(ARROWS.keySet()).isEqualTo(packages);
  }

  /** The one way in, {@link Families}, stands with what it returns. */
  @ArchTest
  void no_packages_use_each_other(JavaClasses core) {
    slices()
        .matching(CORE + ".(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(Families.class, FamilyTable.class)
        .check(core);
  }

  private static Map<String, Set<String>> arrows(String... lines) {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (String line : lines) {
      String[] sides = line.split(" ->", 2);
      Set<String> used =
          Arrays.stream(sides[1].split(" ")).filter(w -> !w.isEmpty()).collect(Collectors.toSet());
      arrows.put(sides[0], used);
    }
    return arrows;
  }
}
