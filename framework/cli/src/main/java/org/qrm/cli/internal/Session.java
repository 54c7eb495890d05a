package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.qrm.commands.line.Far;
import org.qrm.commands.line.Screen;
import org.qrm.commands.line.noun.Nouns;

/** What the commands of one command line share. The server is not looked for before a command needs it. */
final class Session implements Nouns.Face {

    /**
     * Where a command runs.
     *
     * @param home where the distribution is unpacked, or null
     */
    record Place(PrintStream out, PrintStream err, BufferedReader in, Map<String, String> environment, Path home) {

        static Place ofThisProcess() {
            String home = System.getProperty("qrm.home");
            return new Place(
                    new PrintStream(System.out, true, StandardCharsets.UTF_8),
                    new PrintStream(System.err, true, StandardCharsets.UTF_8),
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                    System.getenv(),
                    home == null ? null : Path.of(home));
        }

        /** Of the distribution that the command belongs to. */
        String version() {
            try {
                return Files.readAllLines(home.resolve("etc/qrm-release")).stream()
                        .filter(line -> line.startsWith("version="))
                        .map(line -> line.substring("version=".length()))
                        .findFirst()
                        .orElse("");
            } catch (IOException | RuntimeException e) {
                return "(version unknown)";
            }
        }

        /** Characters of a line of the terminal that answers are written to; 0 where there is none. */
        int width() {
            return number("QRM_COLUMNS");
        }

        /** Lines of that terminal. */
        int height() {
            return number("QRM_LINES");
        }

        boolean colours() {
            return Screen.Form.colours(height(), environment.get("NO_COLOR"), environment.get("TERM"));
        }

        private int number(String name) {
            String number = environment.getOrDefault(name, "");
            return number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
        }

        PrintWriter writer() {
            return new PrintWriter(out, true);
        }

        PrintWriter errorWriter() {
            return new PrintWriter(err, true);
        }
    }

    private final Place place;
    private final Supplier<Account.Options> options;
    private final Supplier<Screen.Form> form;
    private Rest rest;

    Session(Place place, Supplier<Account.Options> options, Supplier<Screen.Form> form) {
        this.place = place;
        this.options = options;
        this.form = form;
    }

    Rest rest() {
        if (rest == null) {
            LocalServer local = LocalServer.of(place.home(), place.environment());
            rest = new Rest(Account.of(options.get(), place.environment(), local));
        }
        return rest;
    }

    @Override
    public Far far() {
        return rest();
    }

    @Override
    public String typed(String noun, String verb) {
        return "qrm " + noun + " " + verb;
    }

    @Override
    public String secret(String prompt) {
        return SecretInput.read(in(), prompt);
    }

    @Override
    public String knownSecret(String prompt) {
        return SecretInput.readOnce(in(), prompt);
    }

    @Override
    public String input() {
        return in().lines().collect(Collectors.joining("\n"));
    }

    @Override
    public JsonNode session() {
        return rest().get("/session");
    }

    @Override
    public String password() {
        return rest().account().password();
    }

    @Override
    public int ask(String plugin) {
        return new Wizard(this).run(plugin);
    }

    @Override
    public boolean agrees(String question) {
        Console console = System.console();
        return console == null || "yes".equals(console.readLine("%s (yes/no) ", question));
    }

    @Override
    public Screen screen() {
        return new Screen(place.out(), place.err(), form.get());
    }

    BufferedReader in() {
        return place.in();
    }

    PrintStream out() {
        return place.out();
    }
}
