package dev.vramcast.validation.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.validation.SampleReport;
import java.io.StringReader;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

@Isolated("it sets the locale of the process")
class ReportsTest {

  @Test
  void json_has_the_fields_that_programs_read() {
    Golden.assertEqual("report.json", ReportJson.of(SampleReport.some()));
  }

  @Test
  void json_tells_speeds_of_cases_of_speed() {
    Golden.assertEqual("speed-report.json", ReportJson.of(SampleReport.speeds()));
  }

  @Test
  void the_table_tells_speeds_of_cases_of_speed() {
    Golden.assertEqual("speed-report.txt", ReportTable.of(SampleReport.speeds()));
  }

  @Test
  void the_chart_of_peaks_leaves_speeds_out() throws Exception {
    Document chart = parse(ScatterChart.of(SampleReport.speeds()));

    assertThat(chart.getElementsByTagName("circle").getLength()).isZero();
  }

  @Test
  void json_of_no_cases_has_nulls() {
    Golden.assertEqual("empty-report.json", ReportJson.of(SampleReport.empty()));
  }

  @Test
  void the_table_shows_groups_phases_reasons_and_the_worst() {
    Golden.assertEqual("report.txt", ReportTable.of(SampleReport.some()));
  }

  @Test
  void the_table_of_no_cases_is_short() {
    Golden.assertEqual("empty-report.txt", ReportTable.of(SampleReport.empty()));
  }

  @Test
  void the_table_keeps_to_its_width() {
    assertThat(ReportTable.of(SampleReport.some()).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
  }

  @Test
  void the_chart_has_one_point_for_each_run_with_a_peak() throws Exception {
    Document chart = parse(ScatterChart.of(SampleReport.some()));

    assertThat(chart.getElementsByTagName("circle").getLength())
        .isEqualTo(SampleReport.RUNS + SampleReport.METHODS);
  }

  @Test
  void the_chart_of_no_cases_says_so() throws Exception {
    String chart = ScatterChart.of(SampleReport.empty());

    parse(chart);
    assertThat(chart).contains("no case has a measured peak");
  }

  @Test
  void the_page_lists_errors_false_fits_and_reasons() {
    Golden.assertEqual(
        "accuracy.md",
        AccuracyDocument.text(
            SampleReport.some(),
            SampleReport.some(),
            SampleReport.some(),
            SampleReport.speeds(),
            SampleReport.some(),
            SampleReport.some(),
            SampleReport.ranges()));
  }

  @Test
  void numbers_do_not_depend_on_the_locale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      Golden.assertEqual("report.txt", ReportTable.of(SampleReport.some()));
      Golden.assertEqual("report.json", ReportJson.of(SampleReport.some()));
      assertThat(ScatterChart.of(SampleReport.some())).doesNotContain("1,25 GiB");
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
