package org.qrm.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a page of the documentation, in its order. Each block of code is one of them, unless it says by its
 * language that it is something else, or a comment right before it says why it is not run:
 *
 * <ul>
 *   <li>{@code <!-- not run: REASON -->}
 *   <li>{@code <!-- ends with 4 -->}: the exit status of its last command, 0 otherwise
 *   <li>{@code <!-- again until it says so -->}: repeated until the output is as shown
 *   <li>{@code <!-- before: COMMANDS -->}: run, and not shown to readers
 * </ul>
 *
 * <p>In a block of language {@code console}, commands begin with {@code $ } and what follows is their output, where
 * {@code …} stands for anything, and for any number of lines when alone. Other blocks are commands only.
 */
record DocumentedCommands(List<Step> steps, List<String> notRun) {

    /**
     * @param line where it stands
     * @param shown its output, or null when the page shows none
     */
    record Step(int line, String command, List<String> shown, int status, boolean again) {

        boolean isAsShown(List<String> output) {
            if (shown == null) {
                return true;
            }
            StringBuilder pattern = new StringBuilder();
            for (String line : shown) {
                pattern.append(
                        line.strip().equals("…")
                                ? "(.*\n)*"
                                : Pattern.quote(oneSpace(line)).replace("…", "\\E.*\\Q") + "\n");
            }
            StringBuilder said = new StringBuilder();
            output.forEach(line -> said.append(oneSpace(line)).append('\n'));
            return Pattern.matches(pattern.toString(), said);
        }

        private static String oneSpace(String line) {
            return line.strip().replaceAll("\\s+", " ");
        }
    }

    private static final Set<String> NO_COMMANDS =
            Set.of("json", "java", "xml", "ini", "text", "http", "javascript", "python");
    private static final Pattern COMMENT = Pattern.compile("(?s)<!-- (.*?)\\s*-->");

    static DocumentedCommands of(Path page) throws IOException {
        return new Reader(Files.readAllLines(page)).read();
    }

    private static final class Reader {

        private final List<String> lines;
        private final List<Step> steps = new ArrayList<>();
        private final List<String> notRun = new ArrayList<>();
        private int at;
        private String remark = "";

        Reader(List<String> lines) {
            this.lines = lines;
        }

        DocumentedCommands read() {
            while (at < lines.size()) {
                String line = lines.get(at);
                if (line.startsWith("<!-- ")) {
                    comment();
                } else if (line.startsWith("```")) {
                    int start = at + 1;
                    block(line.substring(3).strip(), start, fenced());
                } else if (line.startsWith("    ")
                        && (at == 0 || lines.get(at - 1).isBlank())) {
                    int start = at + 1;
                    block("", start, indented());
                } else {
                    at++;
                    remark = line.isBlank() ? remark : "";
                }
            }
            return new DocumentedCommands(steps, notRun);
        }

        private void comment() {
            int start = at;
            StringBuilder text = new StringBuilder();
            do {
                text.append(lines.get(at)).append('\n');
            } while (!lines.get(at++).contains("-->") && at < lines.size());
            Matcher comment = COMMENT.matcher(text);
            remark = comment.find() ? comment.group(1) : "";
            if (remark.startsWith("before:")) {
                steps.add(
                        new Step(start + 1, remark.substring("before:".length()).strip(), null, 0, false));
                remark = "";
            }
        }

        private List<String> fenced() {
            List<String> block = new ArrayList<>();
            for (at++; !lines.get(at).startsWith("```"); at++) {
                block.add(lines.get(at));
            }
            at++;
            return block;
        }

        private List<String> indented() {
            List<String> block = new ArrayList<>();
            while (at < lines.size() && lines.get(at).startsWith("    ")) {
                block.add(lines.get(at++).substring(4));
            }
            return block;
        }

        private void block(String language, int start, List<String> block) {
            if (remark.startsWith("not run: ") && remark.length() > "not run: ".length()) {
                notRun.add(start + ": " + remark);
            } else if (language.equals("console")) {
                console(start, block);
            } else if (!NO_COMMANDS.contains(language)) {
                steps.add(new Step(start, String.join("\n", block), null, status(), false));
            }
            remark = "";
        }

        private void console(int start, List<String> block) {
            String command = null;
            List<String> shown = new ArrayList<>();
            int number = start;
            for (int i = 0; i <= block.size(); i++) {
                String line = i < block.size() ? block.get(i) : "$ ";
                if (line.startsWith("$ ")) {
                    if (command != null) {
                        steps.add(new Step(
                                number, command, shown, i == block.size() ? status() : 0, remark.startsWith("again ")));
                    }
                    command = line.substring(2);
                    shown = new ArrayList<>();
                    number = start + i + 1;
                } else if (line.startsWith("> ")) {
                    command += "\n" + line.substring(2);
                } else {
                    shown.add(line);
                }
            }
        }

        private int status() {
            return remark.startsWith("ends with ") ? Integer.parseInt(remark.substring("ends with ".length())) : 0;
        }
    }
}
