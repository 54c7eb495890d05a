package org.qrm.api.assignment;

import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.resource.Resource;

/**
 * A resource bound to a virtual environment.
 *
 * @param resource as it was when the listener was called
 * @param environment what it is to run
 */
public record Assignment(Resource resource, EnvironmentSpec environment) {}
