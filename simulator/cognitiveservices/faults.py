"""What this provider says when it says no: the recorded sentences, misspellings included."""

from simulator.faults import ArmError


def not_found(path: str) -> ArmError:
    parts = path.strip("/").split("/")
    group = parts[3] if len(parts) > 3 and parts[2].lower() == "resourcegroups" else ""
    after = parts[parts.index("providers") + 1 :] if "providers" in parts else parts
    name = "/".join([after[0], *after[1::2], *after[2::2]]) if after else path
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{name}' under resource group '{group}' was not found. For more details "
        "please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def no_deployment(name: str) -> ArmError:
    return ArmError(
        404, "DeploymentNotFound", f"The deployment '{name}' could not be found in the account."
    )


def no_operation(name: str) -> ArmError:
    return ArmError(404, "OperationNotFound", f"The operation '{name}' was not found.")


def over_quota(words: str, more: int, used: int, limit: int, wording: str) -> ArmError:
    """Both recorded texts; they name the row's localizedValue, not its key."""
    free = limit - used
    if wording == "older":
        text = (
            f"The specified capacity '{more}' of account deployment is bigger than available "
            f"capacity '{free}' for UsageName '{words}'."
        )
        return ArmError(400, "InsufficientQuota", text)
    return ArmError(
        400,
        "InsufficientQuota",
        f"This operation require {more} new capacity in quota {words}, which is bigger than the "
        f"current available capacity {free}. The current quota usage is {used} and the quota "
        f"limit is {limit} for quota {words}.",
    )


def conflict(account: str) -> ArmError:
    return ArmError(
        409,
        "RequestConflict",
        "Another operation is being performed on the parent resource "
        f"'{account}'. Please try again later.",
    )


def account_busy(account: str, state: str) -> ArmError:
    return ArmError(
        409,
        "AccountProvisioningStateInvalid",
        f"Call to Microsoft.CognitiveServices/accounts failed. Account {account} in state {state}",
    )


def precondition(sent: str) -> ArmError:
    return ArmError(
        412,
        "IfMatchPreconditionFailed",
        f"The specified precondition 'If-Match = {sent}' failed.",
    )


def soft_deleted(path: str) -> ArmError:
    return ArmError(
        409,
        "FlagMustBeSetForRestore",
        f"An existing resource with ID '{path}' has been soft-deleted. To restore the resource, "
        "you must specify 'restore' to be 'true' in the property. If you don't want to restore "
        "existing resource, please purge it first.",
    )


def nothing_to_restore(path: str) -> ArmError:
    """The code is reported (microsoft/OpenAIWorkshop#50); the status is assumed."""
    return ArmError(
        400,
        "CanNotRestoreANonExistingResource",
        f"Could not locate a resource to restore. The resource with ID '{path}' doesn't exist or "
        "it is already purged.",
    )


def domain_taken(domain: str) -> ArmError:
    return ArmError(
        409,
        "CustomDomainInUse",
        f"The subdomain name '{domain}' is already used. Please pick a different name.",
    )


def no_location(place: object) -> ArmError:
    if not place:
        words = "The location property is required for this definition."
        return ArmError(400, "LocationRequired", words)
    return ArmError(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{place}' is not available for resource type "
        "'Microsoft.CognitiveServices/accounts'.",
    )


def elsewhere(path: str, place: str, asked: object) -> ArmError:
    return ArmError(
        409,
        "InvalidResourceLocation",
        f"The resource '{path}' already exists in location '{place}'. A resource with the same "
        f"name cannot be created in location '{asked}'. Please select a new resource name.",
    )


def wrong_kind(kind: object) -> ArmError:
    return ArmError(
        400,
        "InvalidApiSetId",
        f"The account type '{kind}' is either invalid or unavailable in given region.",
    )


def no_capacity(sku: str, name: str, version: str, region: str) -> ArmError:
    """Assumed: the documentation says only that such a deployment fails with an out of capacity
    error; status, code and sentence are ours."""
    return ArmError(
        400,
        "InsufficientResourcesAvailable",
        f"The region '{region}' is out of capacity for the SKU '{sku}' of the model '{name} "
        f"{version}'. Try another region, or try again later.",
    )


def wrong_properties(words: str) -> ArmError:
    return ArmError(400, "InvalidResourceProperties", words)


def sku_unsupported(sku: str, name: str, version: str) -> ArmError:
    return wrong_properties(
        f"The specified SKU '{sku}' of account deployment is not supported by the model "
        f"'{name}' version: '{version}'."
    )


def sku_elsewhere(sku: str, name: str, version: str, region: str) -> ArmError:
    return wrong_properties(
        f"The specified SKU '{sku}' for model '{name} {version}' is not supported in this "
        f"region '{region}'."
    )


def wrong_capacity(capacity: object, words: str) -> ArmError:
    return ArmError(
        400,
        "InvalidCapacity",
        f"The specified capacity '{capacity}' of account deployment is invalid: {words}",
    )


def no_policy(name: str) -> ArmError:
    return wrong_properties(
        f"RaiPolicyName '{name}' is not found, please update it to a valid value."
    )


def old_scale_settings() -> ArmError:
    return wrong_properties(
        "The scale settings of account deployment is deprecated since API version '2023-05-01', "
        "please use 'sku' instead."
    )


def model_unsupported(form: str, name: str, version: str) -> ArmError:
    return ArmError(
        400,
        "DeploymentModelNotSupported",
        f"The model 'Format:{form},Name:{name},Version:{version}' of account deployment is not "
        "supported.",
    )


def model_retired(form: str, name: str, version: str, day: str) -> ArmError:
    return ArmError(
        400,
        "ServiceModelDeprecated",
        f"The model 'Format:{form},Name:{name},Version:{version}' has been deprecated since {day}",
    )


def model_retiring(form: str, name: str, version: str, day: str) -> ArmError:
    return ArmError(
        400,
        "ServiceModelDeprecating",
        f"The model 'Format:{form},Name:{name},Version:{version}' is deprecating and will be "
        f"deprecated on {day}. New deployments are limited to existing customers.",
    )
