/**
 * What a plug-in is tested with, without a server: a contract for each service that a plug-in may bring, as an abstract class of
 * JUnit 4 that its author extends, and fakes of what a plug-in calls.
 */
package org.qrm.testkit;
