package org.qrm.plugin.simulator.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Question;

/** Asks how many machines of which kind. */
@Component
public class SimulatorWizard implements ConfigurationWizard {

    private static final Map<String, long[]> BOUNDS = Map.of(
            "machines", new long[] {0, 10_000},
            "cpus", new long[] {1, 4096},
            "cpuMhz", new long[] {1, 100_000},
            "memoryMb", new long[] {1, 67_108_864},
            "nics", new long[] {1, 16});

    @Override
    public String plugin() {
        return SimulatorPlugin.ID;
    }

    @Override
    public List<Question> questions() {
        return List.of(
                number("machines", "Number of simulated machines", "10"),
                number("cpus", "CPUs of each", "4"),
                number("cpuMhz", "Speed of a CPU in MHz", "2400"),
                number("memoryMb", "Memory of each in MiB", "8192"),
                number("nics", "Network cards of each", "2"));
    }

    @Override
    public String effect() {
        return "Another number of machines counts at once: some are added, or those with the highest numbers go."
                + " The rest is for machines that are added from now on; those that are there keep their hardware.";
    }

    private static Question number(String name, String text, String proposal) {
        return new Question(name, text, Question.Type.INTEGER, proposal, true, List.of());
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        Map<String, String> wrong = new HashMap<>();
        BOUNDS.forEach((name, bounds) -> {
            long number;
            try {
                number = Long.parseLong(answers.getOrDefault(name, Long.toString(bounds[0])));
            } catch (NumberFormatException e) {
                number = Long.MIN_VALUE;
            }
            if (number < bounds[0] || number > bounds[1]) {
                wrong.put(name, "Give a number from " + bounds[0] + " to " + bounds[1] + ".");
            }
        });
        return wrong;
    }
}
