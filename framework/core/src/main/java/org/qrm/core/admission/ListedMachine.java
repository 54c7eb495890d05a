package org.qrm.core.admission;

import java.util.Map;
import org.qrm.api.admission.ExpectedMachine;
import org.qrm.core.plugin.Answer;

/**
 * A machine of a list.
 *
 * @param machine without a number
 * @param settings what plug-ins are answered about it, complete, by plug-in and question; empty when the list says nothing of that
 */
record ListedMachine(ExpectedMachine machine, Map<String, Map<String, Answer>> settings) {}
