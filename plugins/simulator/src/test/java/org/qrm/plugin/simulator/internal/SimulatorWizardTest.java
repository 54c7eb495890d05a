package org.qrm.plugin.simulator.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.plugin.Question;

public class SimulatorWizardTest {

    private final SimulatorWizard wizard = new SimulatorWizard();

    @Test
    public void tellsThatMachinesThatAreThereKeepTheirHardware() {
        assertTrue(new SimulatorWizard().effect().contains("those that are there keep their hardware"));
    }

    @Test
    public void acceptsItsOwnProposals() {
        assertEquals(Map.of(), wizard.validate(proposals()));
    }

    @Test
    public void refusesWhatNoMachineHas() {
        Map<String, String> answers = proposals();
        answers.put("nics", "17");
        answers.put("cpus", "0");
        answers.put("machines", "many");
        assertEquals(
                Set.of("nics", "cpus", "machines"), wizard.validate(answers).keySet());
    }

    private Map<String, String> proposals() {
        Map<String, String> answers = new HashMap<>();
        for (Question question : wizard.questions()) {
            answers.put(question.name(), question.defaultAnswer());
        }
        return answers;
    }
}
