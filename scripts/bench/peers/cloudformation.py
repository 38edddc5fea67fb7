"""Creates a stack with boto3 and checks every 0.1 s instead of the waiter's 30 s. Usage: cloudformation.py TEMPLATE NAME"""
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
