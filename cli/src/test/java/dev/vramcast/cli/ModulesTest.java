package dev.vramcast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.WithoutTests;
import dev.vramcast.core.input.ErrorTexts;
import dev.vramcast.core.job.Framework;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** The directions between modules; those inside core are tested there. */
@AnalyzeClasses(packages = ModulesTest.ROOT, importOptions = WithoutTests.class)
@ArchTag("slow")
@Tag("slow")
class ModulesTest {

  static final String ROOT = "dev.vramcast";

  private static final String CORE = ROOT + ".core..";
  private static final String INPUT = ROOT + ".input..";
  private static final String CATALOG = ROOT + ".catalog..";
  private static final String FORMATS = ROOT + ".formats..";
  private static final String TOKENIZER = ROOT + ".tokenizer..";
  private static final String VALIDATION = ROOT + ".validation..";
  private static final String ANSWERS = ROOT + ".answers..";
  private static final String SWEEP = ROOT + ".sweep..";
  private static final String CLI = ROOT + ".cli..";
  private static final String JAVA = "java..";
  private static final String NULLNESS = "org.jspecify.annotations";
  private static final String JACKSON = "tools.jackson..";

  /** Those that print the name of a job's framework, or write its files. */
  private static final Set<String> NAMING_FRAMEWORKS =
      Set.of(
          "AccelerateWriter",
          "CaseLabels",
          "DeepSpeedWriter",
          "JobCoverage",
          "SettingCells",
          "Taken");

  /** Values in a row of which a reader still sees which is which. */
  private static final int MAX_PARTS = 8;

  @ArchTest
  void core_stands_alone(JavaClasses all) {
    only(all, CORE, JAVA);
  }

  @ArchTest
  void untrusted_input_is_read_above_core_alone(JavaClasses all) {
    only(all, INPUT, CORE, JAVA, JACKSON, "org.snakeyaml..");
  }

  @ArchTest
  void the_catalogue_stands_on_core(JavaClasses all) {
    only(all, CATALOG, CORE, INPUT, JAVA);
  }

  @ArchTest
  void formats_stand_on_core(JavaClasses all) {
    only(all, FORMATS, CORE, INPUT, JAVA, JACKSON, "org.snakeyaml..");
  }

  @ArchTest
  void the_tokenizer_is_a_service_that_nobody_needs(JavaClasses all) {
    only(all, TOKENIZER, CORE, FORMATS, JAVA, "ai.djl.huggingface.tokenizers..");
    noClasses()
        .that()
        .resideOutsideOfPackage(TOKENIZER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TOKENIZER, "ai.djl..")
        .check(all);
  }

  @ArchTest
  void validation_stands_on_all_but_the_command_line(JavaClasses all) {
    only(all, VALIDATION, CORE, INPUT, CATALOG, FORMATS, ANSWERS, JAVA, JACKSON);
  }

  @ArchTest
  void answers_stand_on_all_that_needs_no_cases(JavaClasses all) {
    only(all, ANSWERS, CORE, INPUT, CATALOG, FORMATS, JAVA, JACKSON);
  }

  @ArchTest
  void the_sweep_stands_on_answers(JavaClasses all) {
    only(all, SWEEP, CORE, INPUT, CATALOG, FORMATS, ANSWERS, JAVA, JACKSON);
  }

  @ArchTest
  void only_the_command_line_knows_picocli_and_the_process(JavaClasses all) {
    noClasses()
        .that()
        .resideOutsideOfPackage(CLI)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(all);
    noClasses()
        .that()
        .resideOutsideOfPackage(CLI)
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(all);
  }

  /**
   * Text of others is parsed where it is bounded: by size, depth, numbers and duplicates. The
   * reader of data sets takes tokens of a parser that {@code input} made, since it keeps no record
   * whole. What assistants send is read by {@code input} too; the protocol's library gets maps of
   * it.
   */
  @ArchTest
  void json_is_parsed_in_input_alone(JavaClasses all) {
    noClasses()
        .that()
        .resideOutsideOfPackage(INPUT)
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".formats.dataset.RecordParser")
        .should()
        .callMethodWhere(DescribedPredicate.describe("something is parsed", ModulesTest::parses))
        .check(all);
  }

  private static boolean parses(JavaMethodCall call) {
    String name = call.getName();
    return call.getTargetOwner().getPackageName().startsWith("tools.jackson")
        && (name.startsWith("read")
            || name.startsWith("next")
            || name.equals("createParser")
            || name.equals("reader"));
  }

  @ArchTest
  void an_error_is_read_by_its_parts(JavaClasses all) {
    ErrorTexts.check(all);
  }

  /** What a framework's code does is asked of its code, above core as below (core tests itself). */
  @ArchTest
  void who_runs_a_job_is_asked_for_only_to_write_it(JavaClasses all) {
    noClasses()
        .that()
        .resideOutsideOfPackage(CORE)
        .and(
            DescribedPredicate.describe(
                "do not write it", type -> !NAMING_FRAMEWORKS.contains(type.getSimpleName())))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "a framework's name or version is read",
                (JavaAccess<?> access) ->
                    access.getTargetOwner().isEquivalentTo(Framework.class)
                        && Set.of("name", "version", "atLeast")
                            .contains(access.getTarget().getName())))
        .check(all);
  }

  @ArchTest
  void no_packages_outside_core_use_each_other(JavaClasses all) {
    for (String module :
        new String[] {"input", "catalog", "formats", "validation", "answers", "sweep", "cli"}) {
      slices().matching(ROOT + "." + module + ".(**)").should().beFreeOfCycles().check(all);
    }
  }

  /**
   * Who gives so many values by position confuses two of a type, and finds every place again where
   * one is added. A long record is divided, or has a builder; the text of an answer is walked along
   * its record, which is made where it is declared (docs/adr/0018).
   */
  @ArchTest
  void a_record_of_more_than_eight_parts_is_put_together_by_name(JavaClasses all) {
    noClasses()
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe("parts are told by position", ModulesTest::isPositional))
        .check(all);
  }

  private static boolean isPositional(JavaConstructorCall call) {
    JavaClass made = call.getTargetOwner();
    JavaClass maker = call.getOriginOwner();
    boolean answers = file(made).endsWith("Record") && file(made).equals(file(maker));
    return made.isRecord()
        && call.getTarget().getRawParameterTypes().size() > MAX_PARTS
        && !maker.getSimpleName().endsWith("Builder")
        && !answers;
  }

  /** The class that a file is called after. */
  private static String file(JavaClass of) {
    return of.getName().replaceFirst("\\$.*", "");
  }

  private static void only(JavaClasses all, String module, String... used) {
    String[] allowed = Arrays.copyOf(used, used.length + 2);
    allowed[used.length] = module;
    allowed[used.length + 1] = NULLNESS;
    classes()
        .that()
        .resideInAPackage(module)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(all);
  }
}
