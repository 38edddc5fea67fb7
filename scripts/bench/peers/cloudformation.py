"""Creates a stack by boto3 and waits at 0.1 s instead of the 30 s of its waiter. Usage: cloudformation.py TEMPLATE NAME"""
import sys

import boto3

template, name = sys.argv[1:]
cloudformation = boto3.client("cloudformation")
with open(template) as file:
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=file.read(),
        Parameters=[{"ParameterKey": "Name", "ParameterValue": name}],
    )
cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600})
