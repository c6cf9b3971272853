package dev.vramcast.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.vramcast.core.WithoutTests;
import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a card is stands in typed columns, and in no part of a name or description. */
@AnalyzeClasses(packages = ModulesTest.ROOT, importOptions = WithoutTests.class)
@ArchTag("slow")
@Tag("slow")
class CardNamesTest {

  /** Reads what people type. */
  private static final String SEARCH = ModulesTest.ROOT + ".catalog.gpu";

  /** What is there for people, by the class that has it. */
  private static final Map<Class<?>, Set<String>> TEXTS =
      Map.of(
          Gpu.class, Set.of("name"),
          Generation.class, Set.of("name", "id"),
          Link.class, Set.of("id"),
          Target.class, Set.of("label"),
          Interconnect.class, Set.of("description"));

  private static final Set<String> LOOKING =
      Set.of(
          "contains",
          "startsWith",
          "endsWith",
          "matches",
          "indexOf",
          "lastIndexOf",
          "regionMatches",
          "charAt",
          "substring",
          "split");

  private static final ArchRule NOBODY_LOOKS_INTO_A_NAME =
      noClasses()
          .that()
          .resideOutsideOfPackage(SEARCH)
          .should()
          .accessTargetWhere(
              describe(
                  "a name is looked into where a card is asked for it",
                  access -> isText(access) && looksIntoTexts(access)));

  /** Those of core that print a card's name or write it into a document. */
  private static final List<String> PRINTING =
      List.of(
          "CardChecks",
          "CardRemedies",
          "CertainFit",
          "CostSearch",
          "GpuRules",
          "JobScope",
          "JobWorkload",
          "MachineSplit",
          "Reasons",
          "Setting",
          "TimeEstimator",
          "Timed");

  @ArchTest
  void nobody_looks_into_the_name_of_a_card(JavaClasses all) {
    NOBODY_LOOKS_INTO_A_NAME.check(all);
  }

  @ArchTest
  void core_asks_for_the_name_of_a_card_only_to_write_it(JavaClasses all) {
    noClasses()
        .that()
        .resideInAPackage(ModulesTest.ROOT + ".core..")
        .and(describe("do not write it", type -> !PRINTING.contains(type.getSimpleName())))
        .should()
        .callMethod(Gpu.class, "name")
        .check(all);
  }

  @ArchTest
  void descriptions_are_for_people_alone(JavaClasses all) {
    noClasses()
        .that()
        .resideOutsideOfPackages(SEARCH, ModulesTest.ROOT + ".answers.gpus")
        .should()
        .callMethod(Interconnect.class, "description")
        .check(all);
  }

  @Test
  void a_class_that_looks_into_a_name_is_found() {
    EvaluationResult result =
        NOBODY_LOOKS_INTO_A_NAME.evaluate(new ClassFileImporter().importClasses(Guess.class));

    assertThat(result.getFailureReport().getDetails())
        .hasSize(3)
        .anyMatch(detail -> detail.contains("isServer"))
        .anyMatch(detail -> detail.contains("isHopper"))
        .anyMatch(detail -> detail.contains("hasSwitch"));
  }

  private static boolean isText(JavaAccess<?> access) {
    return TEXTS.entrySet().stream()
        .anyMatch(
            entry ->
                access.getTargetOwner().isAssignableTo(entry.getKey())
                    && entry.getValue().contains(access.getTarget().getName()));
  }

  private static boolean looksIntoTexts(JavaAccess<?> access) {
    return access.getOrigin().getAccessesFromSelf().stream().anyMatch(CardNamesTest::looks);
  }

  private static boolean looks(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return owner.isEquivalentTo(Pattern.class)
        || owner.isEquivalentTo(Matcher.class)
        || owner.isEquivalentTo(String.class) && LOOKING.contains(access.getTarget().getName());
  }

  /** What the rules forbid. */
  static final class Guess {

    static boolean isServer(Gpu gpu) {
      return gpu.name().startsWith("L");
    }

    static boolean isHopper(List<Gpu> gpus) {
      return gpus.stream().anyMatch(gpu -> gpu.generation().target().label().matches("9\\..*"));
    }

    static boolean hasSwitch(Gpu gpu) {
      return Pattern.matches(".*switch", gpu.interconnect().link().id());
    }

    private Guess() {}
  }
}
